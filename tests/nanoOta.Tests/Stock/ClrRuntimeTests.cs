using System.Reflection;
using System.Reflection.Emit;

namespace nanoOta.Tests.Stock
{
    /// <summary>The device's own runtime class, on .NET and with an assembly of .NET.</summary>
    public class ClrRuntimeTests
    {
        [Fact]
        public void It_calls_a_private_Main_on_another_thread_and_keeps_what_ends_it()
        {
            var runtime = new ClrRuntime();
            runtime.Load(Made("Throws", "Main"));
            Assert.Null(runtime.Fault);
            Assert.True(runtime.Start());
            Assert.True(SpinWait.SpinUntil(() => runtime.Fault != null, TimeSpan.FromMinutes(1)));
        }

        [Fact]
        public void An_assembly_without_Main_does_not_start()
        {
            var runtime = new ClrRuntime();
            runtime.Load(Made("NoMain", "Other"));
            Assert.False(runtime.Start());
        }

        [Fact]
        public void It_has_what_was_there_before_in_that_version_and_not_what_it_loaded()
        {
            var runtime = new ClrRuntime();
            Version own = typeof(ClrRuntime).Assembly.GetName().Version!;
            Assert.True(runtime.Has("nanoOta.Stock", $"{own.Major}.{own.Minor}"));
            Assert.False(runtime.Has("nanoOta.Stock", $"{own.Major}.{own.Minor + 1}"));
            Assert.False(runtime.Has("Nobody.Has.This", "1.0"));
            runtime.Load(File.ReadAllBytes(typeof(ClrRuntime).Assembly.Location));
            Assert.False(runtime.Has("nanoOta.Stock", $"{own.Major}.{own.Minor}"));
        }

        private static byte[] Made(string name, string method)
        {
            var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
            TypeBuilder type = assembly.DefineDynamicModule(name).DefineType("Program");
            ILGenerator code = type.DefineMethod(method, MethodAttributes.Static | MethodAttributes.Private).GetILGenerator();
            code.Emit(OpCodes.Newobj, typeof(InvalidOperationException).GetConstructor([])!);
            code.Emit(OpCodes.Throw);
            type.CreateType();
            using var bytes = new MemoryStream();
            assembly.Save(bytes);
            return bytes.ToArray();
        }
    }
}
