namespace nanoOta.Profile.Lint
{
    /// <summary>Where a finding is: a source file and a line from 1, or the assembly itself and 0.</summary>
    public readonly record struct Place(string File, int Line);

    /// <summary>A violation, at its place.</summary>
    /// <param name="Member">Namespace.Type.Member.</param>
    public sealed record Finding(Rule Rule, string Member, Place Place)
    {
        /// <summary>MSBuild's canonical form, so that it shows as a build error at its place.</summary>
        public override string ToString()
        {
            string line = Place.Line > 0 ? $"({Place.Line})" : "";
            return $"{Place.File}{line}: error {Rule.Code}: {Member}: {Rule.Message}";
        }
    }
}
