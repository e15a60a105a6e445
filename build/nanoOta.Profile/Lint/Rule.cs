namespace nanoOta.Profile.Lint
{
    /// <summary>A kind of violation: what compiles against the reference assemblies and then fails on the device.</summary>
    /// <param name="Code">Stable code, as listed in build/profile/README.md.</param>
    /// <param name="Message">What is wrong.</param>
    public sealed record Rule(string Code, string Message)
    {
        public static readonly Rule Generics = new("NOTA001", "generics do not work on nanoFramework: the application would not start");
        public static readonly Rule MultiDimensionalArray = new("NOTA002", "multi-dimensional arrays do not work on nanoFramework");
        public static readonly Rule StackAlloc = new("NOTA003", "stackalloc does not work on nanoFramework");
        public static readonly Rule Pointer = new("NOTA004", "pointers and 'fixed' do not work on nanoFramework");
        public static readonly Rule FunctionPointer = new("NOTA005", "function pointers do not work on nanoFramework");
        public static readonly Rule DefaultInterfaceMethod = new("NOTA006", "default interface methods do not work on nanoFramework");
        public static readonly Rule EmbeddedType = new("NOTA007", "the compiler's own types, embedded because the device lacks them, break the metadata processor's attribute table");
        public static readonly Rule Checked = new("NOTA008", "overflow checks are not carried out on nanoFramework (a 'checked' expression, or an array size that is not an int)");
        public static readonly Rule Volatile = new("NOTA009", "volatile does not exist on nanoFramework");
        public static readonly Rule VariableArguments = new("NOTA010", "typed references and __arglist do not work on nanoFramework");
        public static readonly Rule TailCall = new("NOTA011", "tail calls do not work on nanoFramework");
        public static readonly Rule Modifier = new("NOTA012", "required modifiers other than init's do not work on nanoFramework");

        /// <summary>All rules, by code.</summary>
        public static readonly IReadOnlyList<Rule> All =
        [
            Generics, MultiDimensionalArray, StackAlloc, Pointer, FunctionPointer, DefaultInterfaceMethod,
            EmbeddedType, Checked, Volatile, VariableArguments, TailCall, Modifier,
        ];
    }
}
