using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.Tool.Packing
{
    /// <summary>
    /// The counters that releases were given. A number is given once, also when its release is deleted afterwards: a device that applied
    /// it would refuse another release with a lower one.
    /// </summary>
    internal sealed class CounterRecord
    {
        /// <summary>The record's name in the folder that is packed into; a name that servers and <c>publish</c> pass over.</summary>
        public const string DefaultName = ".releases.json";

        private readonly string _path;
        private readonly JsonObject _content;

        private CounterRecord(string path, JsonObject content)
        {
            _path = path;
            _content = content;
        }

        /// <summary>The highest counter given.</summary>
        public uint Last => (uint)_content["last"]!;

        private JsonArray Releases => _content["releases"]!.AsArray();

        /// <summary>Reads a record. Without one, the manifests in the folder tell what was given so far.</summary>
        /// <param name="path">The record's file.</param>
        /// <param name="folder">The folder that is packed into.</param>
        /// <exception cref="Failure">It is no record.</exception>
        public static CounterRecord Open(string path, string folder)
        {
            if (!File.Exists(path))
            {
                return new CounterRecord(path, new JsonObject { ["last"] = HighestIn(folder), ["releases"] = new JsonArray() });
            }

            try
            {
                JsonObject content = JsonNode.Parse(InputFile.Bytes(path))!.AsObject();
                uint last = (uint)content["last"]!;
                foreach (JsonNode? release in content["releases"]!.AsArray())
                {
                    if ((uint)release!["counter"]! > last || release["version"]!.GetValue<string>().Length == 0 || release["sha256"]!.GetValue<string>().Length == 0)
                    {
                        throw new FormatException("a release is not whole, or above 'last'");
                    }
                }

                return new CounterRecord(path, content);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or NullReferenceException)
            {
                throw new Failure(ExitCode.Usage, $"{path} is no release record ({e.Message}). Restore it from your backup: without it a counter could be given twice.");
            }
        }

        /// <summary>The counter of a release: the next free one, or the last one given when it was given to this very release.</summary>
        /// <param name="version">The release's version.</param>
        /// <param name="make">The manifest with a counter.</param>
        /// <exception cref="Failure">No number is left.</exception>
        public uint Next(string version, Func<uint, byte[]> make)
        {
            // Packing the last release once more is no other release. Packing an older one is: devices may have gone on since.
            if (Releases.LastOrDefault() is { } last && (uint)last["counter"]! == Last && (string?)last["version"] == version && (string?)last["sha256"] == Hash(make(Last)))
            {
                return Last;
            }

            return Last < uint.MaxValue ? Last + 1 : throw new Failure(ExitCode.Usage, $"{_path} says that counter {Last} was given, the highest there is.");
        }

        /// <summary>Writes down that a counter was given.</summary>
        /// <exception cref="Failure">Another release has it, or the record cannot be written.</exception>
        public void Give(uint counter, string version, byte[] manifest)
        {
            string hash = Hash(manifest);
            JsonNode? same = Releases.FirstOrDefault(release => (uint)release!["counter"]! == counter);
            if (same != null)
            {
                if ((string?)same["sha256"] != hash)
                {
                    throw new Failure(ExitCode.Conflict, $"counter {counter} was given to version {same["version"]} ({_path}), and a number is given once, even if that release is deleted. Take --counter next.");
                }

                return;
            }

            if (counter <= Last)
            {
                throw new Failure(ExitCode.Conflict, $"counter {counter} is not above {Last}, the last one given ({_path}): devices that applied that one would refuse it. Take --counter next.");
            }

            Releases.Add((JsonNode)new JsonObject { ["counter"] = counter, ["version"] = version, ["sha256"] = hash });
            _content["last"] = counter;
            OutputFile.Write(_path, Encoding.UTF8.GetBytes(_content.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n"));
        }

        /// <summary>Whether a text is a counter as an option names it: a number, or <c>next</c>.</summary>
        public static bool IsCounter(string text)
        {
            return text == "next" || uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint _);
        }

        private static uint HighestIn(string folder)
        {
            uint highest = 0;
            foreach (string path in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [])
            {
                byte[] bytes = ByteOrderMark.Skip(InputFile.Bytes(path));
                if (ManifestReader.Read(bytes, 0, bytes.Length, out UpdateManifest? manifest) == ResultCode.None)
                {
                    highest = Math.Max(highest, manifest!.Counter);
                }
            }

            return highest;
        }

        private static string Hash(byte[] manifest)
        {
            return Convert.ToHexStringLower(SHA256.HashData(manifest));
        }
    }
}
