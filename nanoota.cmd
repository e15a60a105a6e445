@echo off
rem Builds the tool when its sources have changed since the last build, and runs it.
setlocal
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0build\BuildTool.ps1"
if errorlevel 1 exit /b 1
dotnet exec "%~dp0src\nanoOta.Tool\bin\Release\net10.0\nanoOta.Tool.dll" %*
exit /b %errorlevel%
