# For nanoota.cmd: builds the tool when its sources have changed since the last build. Windows PowerShell 5.1 suffices.
$ErrorActionPreference = 'Stop'
$root = Split-Path $PSScriptRoot
$project = Join-Path $root 'src\nanoOta.Tool'
$dll = Join-Path $project 'bin\Release\net10.0\nanoOta.Tool.dll'
$stamp = Join-Path $project 'obj\built'

function Get-Sources {
    $folders = (Join-Path $root 'src'), (Join-Path $root 'build')
    Get-ChildItem -LiteralPath $folders -Recurse -File | Where-Object { $_.FullName.Substring($root.Length) -notmatch '\\(bin|obj)\\' }
    Get-ChildItem -LiteralPath $root -Filter 'Directory.*' -File
}

# The stamp holds the list of sources, so that one that is gone counts as a change, too.
function Test-Current {
    if (-not (Test-Path -LiteralPath $dll) -or -not (Test-Path -LiteralPath $stamp)) {
        return $false
    }

    $built = (Get-Item -LiteralPath $stamp).LastWriteTimeUtc
    $sources = @(Get-Sources)
    $changed = @($sources | Where-Object { $_.LastWriteTimeUtc -gt $built })
    return $changed.Count -eq 0 -and ([IO.File]::ReadAllText($stamp) -eq ($sources.FullName -join "`n"))
}

if (Test-Current) {
    exit 0
}

# Calls at the same time build once.
$mutex = New-Object Threading.Mutex($false, ('nanoota ' + $root.ToLowerInvariant().Replace('\', '/')))
try {
    $mutex.WaitOne() | Out-Null
}
catch [Threading.AbandonedMutexException] {
    # Its owner was killed; it is ours now.
}

try {
    if (Test-Current) {
        exit 0
    }

    # Dated before the build: what is changed while it runs is built next time.
    New-Item -ItemType Directory -Force (Split-Path $stamp) | Out-Null
    [IO.File]::WriteAllText("$stamp.new", (@(Get-Sources).FullName -join "`n"))
    $log = Join-Path $project 'obj\building.log'
    [Console]::Error.WriteLine('nanoota: building the tool; the first time this takes about a minute.')
    $build = Start-Process dotnet -ArgumentList 'build', "`"$project`"", '-c', 'Release', '-v', 'quiet', '-nologo', '-nodeReuse:false' `
        -NoNewWindow -PassThru -RedirectStandardOutput $log -RedirectStandardError "$log.err"

    # Not -Wait: that would wait for the compiler's server, too, which outlives the build. Without the handle there is no exit code.
    $null = $build.Handle
    $build.WaitForExit()
    if ($build.ExitCode -ne 0) {
        [Console]::Error.WriteLine([IO.File]::ReadAllText($log) + [IO.File]::ReadAllText("$log.err") + 'nanoota: the build failed.')
        exit 1
    }

    Move-Item -Force -LiteralPath "$stamp.new" -Destination $stamp
}
finally {
    $mutex.ReleaseMutex()
}
