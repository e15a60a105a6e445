using Mono.Cecil;
using Mono.Cecil.Cil;

namespace nanoOta.VirtualDevice.Applications
{
    /// <summary>
    /// Gives the internal calls of an assembly bodies: each calls the static method of its name in a class of its class's name in
    /// <c>nanoOta.StandIns.InternalCalls</c>. What else the assembly does stays as it is.
    /// </summary>
    internal static class InternalCallBodies
    {
        private const string StandIns = "nanoOta.StandIns";

        /// <summary>Gives them, if there are any.</summary>
        /// <param name="assembly">A redirected assembly.</param>
        public static byte[] Fill(byte[] assembly)
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(new MemoryStream(assembly));
            MethodDefinition[] calls = [.. module.GetTypes().SelectMany(type => type.Methods).Where(method => method.IsInternalCall)];
            if (calls.Length == 0 || module.AssemblyReferences.FirstOrDefault(reference => reference.Name == StandIns) is not { } standIns)
            {
                return assembly;
            }

            foreach (MethodDefinition call in calls)
            {
                Fill(module, standIns, call);
            }

            var filled = new MemoryStream();
            module.Write(filled);
            return filled.ToArray();
        }

        private static void Fill(ModuleDefinition module, AssemblyNameReference standIns, MethodDefinition call)
        {
            var target = new MethodReference(call.Name, call.ReturnType, new TypeReference(StandIns + ".InternalCalls", call.DeclaringType.Name, module, standIns));
            call.IsInternalCall = false;
            call.Body = new MethodBody(call);
            ILProcessor code = call.Body.GetILProcessor();
            foreach (ParameterDefinition parameter in call.Parameters)
            {
                target.Parameters.Add(new ParameterDefinition(parameter.ParameterType));
                code.Emit(OpCodes.Ldarg, parameter);
            }

            code.Emit(OpCodes.Call, target);
            code.Emit(OpCodes.Ret);
        }
    }
}
