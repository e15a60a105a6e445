using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace nanoOta.Tool.Reports
{
    /// <summary>What was built.</summary>
    internal static class Build
    {
        /// <summary>The commit of the checkout that the tool runs from, with "-dirty" when there are changes; null: not known.</summary>
        public static string? Commit
        {
            get
            {
                var start = new ProcessStartInfo("git", ["-C", AppContext.BaseDirectory, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                };

                // It needs no sanitizer.
                start.Environment.Remove("LD_PRELOAD");
                try
                {
                    using Process git = Process.Start(start)!;
                    git.ErrorDataReceived += (_, _) => { };
                    git.BeginErrorReadLine();
                    string commit = git.StandardOutput.ReadToEnd().Trim();
                    git.WaitForExit();
                    return git.ExitCode == 0 && commit.Length > 0 ? commit : null;
                }
                catch (Win32Exception)
                {
                    return null;
                }
            }
        }

        /// <summary>The version of the assembly that a type is of.</summary>
        public static string VersionOf(Type type)
        {
            return type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? type.Assembly.GetName().Version!.ToString();
        }
    }
}
