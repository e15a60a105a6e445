using System.Security.Cryptography;
using System.Text;

namespace nanoOta.Mutants.Il
{
    /// <summary>One mutant: an assembly with one instruction changed.</summary>
    internal sealed record Mutant
    {
        /// <summary>The assembly's name.</summary>
        public required string Assembly { get; init; }

        /// <summary>The method with its signature, as metadata names it.</summary>
        public required string Method { get; init; }

        /// <summary>Offset of the instruction in the unchanged method, in bytes.</summary>
        public required int Offset { get; init; }

        /// <summary>The kind of change.</summary>
        public required string Operator { get; init; }

        /// <summary>Before and after.</summary>
        public required string Change { get; init; }

        /// <summary>The source file, from the repository's root where it is in there; null without a PDB.</summary>
        public string? File { get; init; }

        /// <summary>The line in it; 0 without a PDB.</summary>
        public int Line { get; init; }

        /// <summary>The number of the basic block, for <see cref="Coverage.BlockHits"/>.</summary>
        public int Block { get; init; }

        /// <summary>Names the mutant: the same in every run, whatever the seed.</summary>
        public string Id => $"{Assembly}|{Method}|{Offset:x4}|{Operator}|{Change}";

        /// <summary>The method as a reader would call it: class and name.</summary>
        public string ShortMethod
        {
            get
            {
                string name = Method[(Method.IndexOf(' ') + 1)..];
                return name[..name.IndexOf('(')].Replace("::", ".");
            }
        }

        /// <summary>Decides who is taken: the order of these hashes. It does not change for a mutant when code elsewhere does.</summary>
        /// <param name="seed">The seed.</param>
        public string Draw(int seed)
        {
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}|{Id}")));
        }
    }
}
