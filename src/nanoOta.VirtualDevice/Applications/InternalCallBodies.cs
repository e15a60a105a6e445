using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.VirtualDevice.Applications
{
    /// <summary>
    /// Gives the internal calls of an assembly bodies: each calls the static method of its name in a class of its class's name in
    /// <c>nanoOta.StandIns.InternalCalls</c>. So do, in a loader, the calls of mscorlib's <c>Assembly.Load</c>, which .NET's own cannot do. What
    /// else the assembly does stays as it is.
    /// </summary>
    internal static class InternalCallBodies
    {
        private const string StandIns = "nanoOta.StandIns";

        /// <summary>Gives them, if there are any.</summary>
        /// <param name="assembly">A redirected assembly.</param>
        /// <param name="loads">Whether <c>Assembly.Load</c> is the board's.</param>
        public static byte[] Fill(byte[] assembly, bool loads)
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(new MemoryStream(assembly));
            MethodDefinition[] methods = [.. module.GetTypes().SelectMany(type => type.Methods)];
            MethodDefinition[] calls = [.. methods.Where(method => method.IsInternalCall)];
            Instruction[] loadings = [.. methods.Where(method => loads && method.HasBody).SelectMany(method => method.Body.Instructions).Where(IsLoad)];
            if (calls.Length + loadings.Length == 0 || module.AssemblyReferences.FirstOrDefault(reference => reference.Name == StandIns) is not { } standIns)
            {
                return assembly;
            }

            foreach (MethodDefinition call in calls)
            {
                Fill(module, standIns, call);
            }

            foreach (Instruction loading in loadings)
            {
                loading.Operand = Target(module, standIns, (MethodReference)loading.Operand);
            }

            var filled = new MemoryStream();
            module.Write(filled);
            return filled.ToArray();
        }

        private static bool IsLoad(Instruction instruction)
        {
            return instruction.Operand is MethodReference { Name: "Load", DeclaringType.FullName: "System.Reflection.Assembly" };
        }

        private static MethodReference Target(ModuleDefinition module, AssemblyNameReference standIns, MethodReference call)
        {
            var target = new MethodReference(call.Name, call.ReturnType, new TypeReference(StandIns + ".InternalCalls", call.DeclaringType.Name, module, standIns));
            foreach (ParameterDefinition parameter in call.Parameters)
            {
                target.Parameters.Add(new ParameterDefinition(parameter.ParameterType));
            }

            return target;
        }

        private static void Fill(ModuleDefinition module, AssemblyNameReference standIns, MethodDefinition call)
        {
            call.IsInternalCall = false;
            call.Body = new MethodBody(call);
            ILProcessor code = call.Body.GetILProcessor();
            foreach (ParameterDefinition parameter in call.Parameters)
            {
                code.Emit(OpCodes.Ldarg, parameter);
            }

            code.Emit(OpCodes.Call, Target(module, standIns, call));
            code.Emit(OpCodes.Ret);
        }
    }
}
