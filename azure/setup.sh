#!/usr/bin/env bash
# Makes what a fleet needs in Azure, in a resource group of its own. May be run again: what is there already stays or is changed.
set -euo pipefail
here=$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
    cat <<'EOF'
usage: azure/setup.sh NAME LOCATION [options]

NAME      3 to 15 lower-case letters and digits, unique in Azure: azure/setup.sh fleet7 makes the group fleet7-rg with fleet7-hub, fleet7-dps, fleet7ota
LOCATION  an Azure region, for example westeurope

--sku SKU             the hub's tier: F1, S1, S2 or S3; S1 when not given
--device-update       add Device Update; not with F1
--github OWNER/NAME   let workflows of this repository sign in, in its environment "release"
--what-if             show what would change, and change nothing

S1 costs money from the first hour on. azure/clean.sh NAME deletes all of it.
EOF
}

fail() { echo "setup.sh: $1" >&2; exit "${2:-2}"; }

case " $* " in *" --help "* | *" -h "*) usage; exit 0 ;; esac
[ $# -ge 2 ] || { usage >&2; exit 2; }
name=$1 location=$2
shift 2
sku=S1 update=false repository='' what_if=false
while [ $# -gt 0 ]; do
    case $1 in
        --sku) [ $# -ge 2 ] || fail "--sku needs a value"; sku=$2; shift 2 ;;
        --device-update) update=true; shift ;;
        --github) [ $# -ge 2 ] || fail "--github needs a value"; repository=$2; shift 2 ;;
        --what-if) what_if=true; shift ;;
        *) fail "'$1' is not known. See azure/setup.sh --help." ;;
    esac
done
[[ $name =~ ^[a-z0-9]{3,15}$ ]] || fail "'$name' is not 3 to 15 lower-case letters and digits."
[[ $sku =~ ^(F1|S1|S2|S3)$ ]] || fail "'$sku' is not one of F1, S1, S2, S3."
[ "$sku" != F1 ] || [ $update = false ] || fail "Device Update needs a hub of tier S1: leave --device-update out, or take --sku S1."
[[ -z $repository || $repository =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$ ]] || fail "'$repository' is not OWNER/NAME."
command -v az >/dev/null || fail "the Azure CLI is needed: https://aka.ms/install-azure-cli"
subscription=$(az account show --query name --output tsv 2>/dev/null) || fail "nobody is signed in. Run: az login" 3

group=$name-rg
operator=$(az ad signed-in-user show --query id --output tsv 2>/dev/null) || operator=''
[ -n "$operator" ] || echo "A service principal is signed in: it gets no roles on the hub and the storage; the identity $name-pipeline does."
principal=''
if [ $update = true ]; then
    # The application that Device Update runs as, the same in every tenant.
    principal=$(az ad sp show --id 6ee392c4-d339-4083-b04d-6b7947c6cf78 --query id --output tsv 2>/dev/null) \
        || fail "the service principal 'Azure Device Update' is not in this tenant. Run: az provider register --namespace Microsoft.DeviceUpdate" 3
fi

parameters=(name="$name" hubSku="$sku" deviceUpdate="$update" operatorId="$operator" deviceUpdatePrincipalId="$principal" repository="$repository")
if [ $what_if = true ]; then
    if [ "$(az group exists --name "$group")" = true ]; then
        az deployment group what-if --resource-group "$group" --template-file "$here/main.bicep" --parameters "${parameters[@]}"
    else
        echo "The resource group $group does not exist yet: it and everything in azure/main.bicep would be made in $location of '$subscription'."
    fi
    exit 0
fi

echo "Making $group in $location of '$subscription': some minutes."
az group create --name "$group" --location "$location" --tags nanoota="$name" --output none
outputs=$(az deployment group create --resource-group "$group" --name nanoota --template-file "$here/main.bicep" --parameters "${parameters[@]}" \
    --query "properties.outputs.[hubName.value, hubHost.value, idScope.value, container.value, pipelineClientId.value, deviceUpdateHost.value]" --output tsv) \
    || fail "the deployment failed; run it again once that is mended, or take away what was made: azure/clean.sh $name" 4
mapfile -t made < <(tr '\t' '\n' <<<"$outputs")

# No secret is printed: the connection string goes from the Azure CLI into a variable.
cat <<EOF
Hub:                ${made[1]}
Provisioning scope: ${made[2]}
Container:          ${made[3]}
Pipeline identity:  ${made[4]}
EOF
[ -z "${made[5]:-}" ] || echo "Device Update:      ${made[5]}, instance fleet"
cat <<EOF

Next:
  export NANOOTA_HUB=\$(az iot hub connection-string show --hub-name ${made[0]} --policy-name service --query connectionString --output tsv)
  nanoota doctor
EOF
