#!/usr/bin/env bash
# Makes the packages nanoOta.Templates and nanoOta.Profile, in artifacts/packages or the folder that is named.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
folder=${1:-$here/../artifacts/packages}
for project in nanoOta.Profile/nanoOta.Profile.Package.csproj nanoOta.Templates.csproj; do
    dotnet pack "$here/$project" -c Release -v quiet -clp:ErrorsOnly -o "$folder"
done
