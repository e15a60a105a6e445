#!/usr/bin/env bash
# Deletes what setup.sh made: names it first, and asks.
set -euo pipefail

usage() {
    cat <<'EOF'
usage: azure/clean.sh NAME [--yes]

Deletes the resource group NAME-rg with the hub, its devices and twins, provisioning, and the storage with every published update.
It lists all of it first, and then asks for the name; --yes does not ask. Nothing else is touched.
EOF
}

fail() { echo "clean.sh: $1" >&2; exit "${2:-2}"; }

name='' yes=false
for argument; do
    case $argument in
        --yes) yes=true ;;
        --help | -h) usage; exit 0 ;;
        -*) fail "'$argument' is not known. See azure/clean.sh --help." ;;
        *) [ -z "$name" ] || fail "one NAME at a time."; name=$argument ;;
    esac
done
[ -n "$name" ] || { usage >&2; exit 2; }
[[ $name =~ ^[a-z0-9]{3,15}$ ]] || fail "'$name' is not 3 to 15 lower-case letters and digits."
command -v az >/dev/null || fail "the Azure CLI is needed: https://aka.ms/install-azure-cli"
az account show --output none 2>/dev/null || fail "nobody is signed in. Run: az login" 3

group=$name-rg
if [ "$(az group exists --name "$group")" != true ]; then
    echo "There is no resource group $group: nothing to delete."
    exit 0
fi
tag=$(az group show --name "$group" --query tags.nanoota --output tsv)
[ "$tag" = "$name" ] || fail "$group was not made by setup.sh (it has no tag nanoota=$name). Nothing was deleted." 3

echo "This deletes the resource group $group with:"
az resource list --resource-group "$group" --query "[].[type, name]" --output tsv | sort | while IFS=$'\t' read -r type resource; do
    echo "  $resource ($type)"
done
role="$name hub key reader"
echo "  $role (the role of the pipeline)"
if [ $yes = false ]; then
    read -r -p "Type $name to delete it: " answer || answer=''
    [ "$answer" = "$name" ] || fail "nothing was deleted." 3
fi
# A role is not part of the group; it goes first, with those who have it.
scope=$(az group show --name "$group" --query id --output tsv)
az role assignment delete --role "$role" --scope "$scope/providers/Microsoft.Devices/IotHubs/$name-hub" || true
az role definition delete --name "$role" --scope "$scope" || echo "clean.sh: the role '$role' was not deleted; delete it in the portal, under Access control of the subscription." >&2
az group delete --name "$group" --yes
echo "$group is gone."
