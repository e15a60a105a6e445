#!/usr/bin/env bash
# On a nanoCLR for this machine: runs tests/nanoOta.DeviceTests, and plays tests/conversations on the real DeviceClient and the
# real JSON library. Settings:
#   NANOCLR             command that runs the .pe files that follow it
#   METADATA_PROCESSOR  command of nanoFramework's metadata processor
#   PACKAGES            folder with the unpacked packages: Azure.Devices.Client.FullyManaged and what it needs, and TestFramework
# A scripted MQTT client takes the place of M2Mqtt, so conversations marked "# mqtt" are left out, and threads, retries and
# drops of the MQTT client are not compared. Such a nanoCLR has no network, so the device tests are compiled together with the
# library's sources (the core but HttpImageSource, Signing, Azure, and the managed SHA-256 and RS256), and the twin channel talks
# with a hub in memory. Without the settings nothing is compared, and that is no failure.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [ -z "${NANOCLR:-}" ] || [ -z "${METADATA_PROCESSOR:-}" ] || [ -z "${PACKAGES:-}" ]; then
    echo "No nanoCLR is given (NANOCLR, METADATA_PROCESSOR, PACKAGES): the device tests ran on .NET only, and the stand-in was not compared with the real client."
    exit 0
fi

assemblies=(mscorlib nanoFramework.Runtime.Native nanoFramework.System.Collections nanoFramework.System.Text System.IO.Streams
    System.Threading nanoFramework.Json nanoFramework.M2Mqtt.Core nanoFramework.Azure.Devices.Client nanoFramework.TestFramework)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
references=() hints=() images=()
for name in "${assemblies[@]}"; do
    # Two packages have an Azure.Devices.Client; only one takes an MQTT client.
    only=''
    [ "$name" = nanoFramework.Azure.Devices.Client ] && only=FullyManaged
    file=$(find "$PACKAGES" -iname "$name.dll" -path "*$only*" | sort | tail -n 1)
    if [ -z "$file" ] || [ ! -f "${file%.dll}.pe" ]; then
        echo "PACKAGES has no $name.dll with a .pe beside it." >&2
        exit 1
    fi
    references+=("-r:$file") hints+=(-loadhints "$name" "$file") images+=("${file%.dll}.pe")
done

sdk=$(dotnet --list-sdks | tail -n 1 | sed -E 's/^([^ ]+) \[(.*)\]$/\2\/\1/')

# Compiles the sources given, runs them, and leaves what they print between BEGIN and END in work/printed.
run() {
    dotnet "$sdk/Roslyn/bincore/csc.dll" -nologo -noconfig -nostdlib -langversion:9.0 -optimize -define:NANOFRAMEWORK_1_0 \
            "${references[@]}" -out:"$work/play.exe" "$@" \
        && $METADATA_PROCESSOR "${hints[@]}" -parse "$work/play.exe" -compile "$work/play.pe" false > "$work/metadata.log" \
        && nanoclr/until-end.sh 600 "$work/output.log" $NANOCLR "${images[@]}" "$work/play.pe" \
        && sed -n 's/\r$//; /^BEGIN$/,/^END$/p' "$work/output.log" | sed '/^BEGIN$/d; /^$/d' > "$work/printed" \
        && [ "$(tail -n 1 "$work/printed")" = END ] && sed -i '$d' "$work/printed"
}

passed=0 failed=0 left=0
shopt -s globstar
# Source by source: what other builds leave in obj is no source.
library=()
for source in ../src/nanoOta/**/*.cs ../src/nanoOta.Signing/**/*.cs ../src/nanoOta.Azure/**/*.cs ../src/nanoOta.Stock/Managed*.cs; do
    case $source in
        */obj/* | */HttpImageSource.cs) ;;
        *) library+=("$source") ;;
    esac
done
tests=$(grep -c '^ *\[TestMethod\]' nanoOta.DeviceTests/*.cs | awk -F: '{ n += $2 } END { print n }')
if run "${library[@]}" nanoOta.DeviceTests/*.cs nanoclr/TestRunner.cs && [ "$(grep -c '^passed ' "$work/printed")" = "$tests" ]; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "FAILED: the device tests, of which there are $tests"
    grep -v '^passed ' "$work/printed" 2>/dev/null
fi

for script in conversations/*.txt; do
    name=$(basename "$script" .txt)
    if [ "$(head -n 1 "$script")" = '# mqtt' ]; then
        left=$((left + 1))
        continue
    fi
    rm -f "$work/difference"
    printf 'namespace nanoOta.NanoClr\n{\n    internal static class Script\n    {\n        internal const string Text = @"%s";\n    }\n}\n' \
        "$(sed 's/"/""/g' "$script")" > "$work/Script.cs"
    if run nanoOta.Conversations/*.cs nanoclr/NanoClrWorld.cs nanoclr/Program.cs nanoclr/ScriptedMqttClient.cs "$work/Script.cs" \
        && diff <(grep -v '^#' "$script" | grep -v '^$') "$work/printed" > "$work/difference"
    then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
        cat "$work/difference" 2>/dev/null
    fi
done
echo "$passed passed, $failed failed, $left left out"
[ "$failed" = 0 ]
