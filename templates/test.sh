#!/usr/bin/env bash
# An application from the template, in an empty folder: it builds, a mistake is found, and a virtual device is updated to it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Neither the user's templates nor the user's packages: those of this version may be there from another build.
export DOTNET_CLI_HOME=$folder/home NUGET_PACKAGES=$folder/nuget DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

nanoota() { env -u NUGET_PACKAGES -u DOTNET_CLI_HOME "$root/nanoota" "$@"; }

# Becomes the server, so that its process is the one to end.
serve() { exec env -u NUGET_PACKAGES -u DOTNET_CLI_HOME "$root/nanoota" serve "$@"; }

env -u NUGET_PACKAGES -u DOTNET_CLI_HOME "$root/templates/pack.sh" "$folder/packages"
cd "$folder"
dotnet new install packages/nanoOta.Templates.*.nupkg > /dev/null
dotnet new nanoota-app -o Washer --device washer-0042 --url http://127.0.0.1:1/latest.json --packages "$folder/packages" > /dev/null
grep -q '"washer-0042"' Washer/Program.cs
grep -q '"http://127.0.0.1:1/latest.json"' Washer/Program.cs
if grep -rq NanoOtaApp Washer; then echo "the name of the template is left" >&2; exit 1; fi
build() { dotnet build Washer/Washer.csproj -c Release -v quiet -nodeReuse:false; }
build

# The packages that Visual Studio takes are those that nanoOta itself names.
while read -r id version; do
    grep -qs "id=\"$id\" version=\"$version\"" "$root"/src/*/packages.config \
        || [ "$version" = "$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")" ] \
        || grep -qE "^$id	$version" "$root/build/profile/versions.tsv"
done < <(sed -n 's/.*id="\([^"]*\)" version="\([^"]*\)".*/\1 \2/p' Washer/packages.config)

# What compiles and fails on a device is an error with its line.
sed -i 's|// Your application.|System.Func<int> x = () => 1; x();|' Washer/Program.cs
if said=$(build 2>&1); then echo "a generic type was not found" >&2; exit 1; fi
[[ $said == *Program.cs*NOTA001* ]]
sed -i 's|System.Func<int> x = () => 1; x();|// Your application.|' Washer/Program.cs

# Two releases. Without a metadata processor the image's content is made up; its version is the application's.
release() {
    sed -i "s|<Version>.*</Version>|<Version>$1</Version>|" Washer/Directory.Build.props
    build
    nanoota image make --kind deployment --version "$1" --size 100000 --out "Washer-$1.bin" > /dev/null
}
release 1.0.0
release 1.1.0
nanoota device new --state board --layout esp32-4mb --image Washer-1.0.0.bin > /dev/null
nanoota pack Washer-1.1.0.bin --version 1.1.0 --layout esp32-4mb --out www > /dev/null
serve www --port 0 > serve.log &
server=$!
trap 'kill $server 2> /dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do grep -q 127.0.0.1 serve.log && break; sleep 0.2; done
nanoota device run --state board --manifest-url "$(grep -oE 'http://127[^ ]*latest.json' serve.log | head -n 1)" > run.log
grep -q '1.1.0 runs' run.log

# The application itself, its Main, on a virtual device, as docs/getting-started.md has it: over TLS, with the certificate that serve names.
kill $server
port=$((20000 + RANDOM % 20000))
sed -i "s|http://127.0.0.1:1/|https://127.0.0.1:$port/|" Washer/Program.cs
release 1.0.0
nanoota device new --state desk --layout esp32-4mb --image Washer-1.0.0.bin > /dev/null
XDG_DATA_HOME=$folder/data serve www --tls --port $port > tls.log &
server=$!
for _ in $(seq 100); do grep -q 'Ctrl+C' tls.log && break; sleep 0.2; done
nanoota device run --state desk --app "$(find Washer/bin/Release -name Washer.dll | head -n 1)" --ca "$(sed -n 's/^CA certificate: //p' tls.log)" > desk.log
grep -qx '  | Hello' desk.log
grep -q '1.1.0 is confirmed' desk.log
