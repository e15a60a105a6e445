extern alias StandIns;

using System.Reflection;
using System.Runtime.Loader;
using nanoOta.VirtualDevice.Applications;

namespace nanoOta.Tool.Devices
{
    /// <summary>
    /// Update modules from an assembly that was compiled for nanoFramework. Its references to nanoFramework's assemblies are redirected to the
    /// stand-ins, as those of nanoOta's own assemblies are; its method bodies stay as they are.
    /// </summary>
    internal static class UserModules
    {
        /// <summary>The modules in an assembly.</summary>
        /// <param name="path">The assembly. What it refers to may lie beside it.</param>
        /// <exception cref="Failure">It cannot be read or loaded, or there is no module in it.</exception>
        public static Type[] In(string path)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            var context = new AssemblyLoadContext(path);
            context.Resolving += (_, name) => Beside(context, Path.Combine(folder, name.Name + ".dll"));
            try
            {
                Type[] modules = [.. Load(context, path).GetExportedTypes()
                    .Where(type => type.IsSubclassOf(typeof(UpdateModule)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) != null)];
                return modules.Length > 0 ? modules
                    : throw new Failure(ExitCode.Usage, $"{path} has no module: a public class that derives from UpdateModule or PairModule, with a public constructor without parameters.");
            }
            catch (Exception e) when (e is BadImageFormatException or InvalidDataException or FileNotFoundException or FileLoadException or TypeLoadException)
            {
                throw new Failure(ExitCode.Usage, $"{path} cannot be loaded: {e.Message}");
            }
        }

        /// <summary>Makes a module, as the application does at boot.</summary>
        /// <exception cref="Failure">Its constructor throws.</exception>
        public static UpdateModule Make(Type module)
        {
            try
            {
                return (UpdateModule)Activator.CreateInstance(module)!;
            }
            catch (TargetInvocationException e) when (e.InnerException is not StandIns::nanoOta.StandIns.PowerCutException)
            {
                throw new Failure(ExitCode.Usage, $"the constructor of {module.Name} failed: {e.InnerException!.GetType().Name}: {e.InnerException.Message}");
            }
            catch (TargetInvocationException)
            {
                throw new StandIns::nanoOta.StandIns.PowerCutException();
            }
        }

        // nanoOta's own assemblies are this program's.
        private static Assembly? Beside(AssemblyLoadContext context, string path)
        {
            return File.Exists(path) ? Load(context, path) : null;
        }

        private static Assembly Load(AssemblyLoadContext context, string path)
        {
            byte[] assembly = DeviceAssembly.Redirect(InputFile.Bytes(path));
            using var stream = new MemoryStream(assembly);
            return context.LoadFromStream(stream);
        }
    }
}
