#!/usr/bin/env bash
# Makes the packages of the device projects, in artifacts/packages, and checks them (nuspec/README.md). It needs nanoFramework's
# metadata processor: its command as arguments, or in METADATA_PROCESSOR, or where it is found by itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# On the PATH, or where nanoFramework's extension for Visual Studio puts it.
found() {
    local name file
    for name in nanoFramework.Tools.MetadataProcessor nanoFramework.Tools.MetaDataProcessor; do
        command -v "$name" || command -v "$name.exe" && return
    done
    for file in "${PROGRAMFILES:-}"/Microsoft\ Visual\ Studio/*/*/MSBuild/nanoFramework/v1.0/nanoFramework.Tools.MetaDataProcessor.exe; do
        if [ -f "$file" ]; then
            echo "$file"
            return
        fi
    done
    return 1
}

processor=("$@")
if [ $# = 0 ] && [ -n "${METADATA_PROCESSOR:-}" ]; then
    read -ra processor <<<"$METADATA_PROCESSOR"
elif [ $# = 0 ]; then
    processor=("$(found)") || {
        echo "Nothing was packed: nanoFramework's metadata processor was not found. Give its command: ./pack.sh COMMAND, or METADATA_PROCESSOR=COMMAND." >&2
        exit 1
    }
fi

command -v "${processor[0]}" >/dev/null || { echo "Nothing was packed: there is no command ${processor[0]}." >&2; exit 1; }
for project in build/nanoOta.Packages nuspec/*.nuspec; do
    name=$(basename "$project" .nuspec)
    [ -f "$project" ] && project=src/$name
    dotnet build "$project/$name.csproj" -c Release -v quiet -clp:ErrorsOnly
done
dotnet exec build/nanoOta.Packages/bin/Release/net10.0/nanoOta.Packages.dll pack . artifacts/packages "${processor[@]}"
