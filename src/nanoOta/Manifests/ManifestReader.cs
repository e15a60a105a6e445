// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Reads a manifest of schema 1. Members it does not know are passed over; what it knows must be right.</summary>
    public static class ManifestReader
    {
        private const int MaxText = 64;
        private const int MaxUrls = 4;

        /// <summary>Reads a manifest.</summary>
        /// <param name="text">Holds the UTF-8 text.</param>
        /// <param name="start">Where it begins.</param>
        /// <param name="count">Its length in bytes.</param>
        /// <param name="manifest">Receives the manifest, or null.</param>
        /// <returns>
        /// <see cref="ResultCode.None"/>, <see cref="ResultCode.ManifestTooLarge"/>, <see cref="ResultCode.SchemaUnknown"/>,
        /// <see cref="ResultCode.VersionMalformed"/> or <see cref="ResultCode.ManifestMalformed"/>.
        /// </returns>
        public static ResultCode Read(byte[] text, int start, int count, out UpdateManifest manifest)
        {
            manifest = null;
            if (count > UpdateManifest.MaxLength)
            {
                return ResultCode.ManifestTooLarge;
            }

            // Some editors put a byte order mark before the text (RFC 8259, section 8.1, lets readers pass over it).
            if (count > 3 && text[start] == 0xEF && text[start + 1] == 0xBB && text[start + 2] == 0xBF)
            {
                start += 3;
                count -= 3;
            }

            // Another schema may give the other members another meaning, so it is looked for before any of them is judged. From
            // then on the text is known to be JSON.
            ResultCode code = CheckSchema(new JsonReader(text, start, count));
            UpdateManifest read = new UpdateManifest();
            JsonReader json = new JsonReader(text, start, count);
            json.Read();
            string name;
            while (code == ResultCode.None && (name = json.ReadMember(1)) != null)
            {
                code = ReadMember(json, name, read);
            }

            if (code != ResultCode.None)
            {
                return code;
            }

            if (read.Components == null)
            {
                return ResultCode.ManifestMalformed;
            }

            if (read.Version == null)
            {
                return ResultCode.VersionMalformed;
            }

            manifest = read;
            return ResultCode.None;
        }

        private static ResultCode CheckSchema(JsonReader json)
        {
            if (json.Read() != JsonToken.ObjectStart)
            {
                return ResultCode.ManifestMalformed;
            }

            long schema = 0;
            string name;
            while ((name = json.ReadMember(1)) != null)
            {
                if (name == "schema" && !(json.TryGetInt64(out schema) && schema == 1))
                {
                    return ResultCode.SchemaUnknown;
                }
            }

            if (json.Token != JsonToken.ObjectEnd || json.Read() != JsonToken.End)
            {
                return ResultCode.ManifestMalformed;
            }

            return schema == 1 ? ResultCode.None : ResultCode.SchemaUnknown;
        }

        private static ResultCode ReadMember(JsonReader json, string name, UpdateManifest to)
        {
            bool good = true;
            long number;

            // Not a switch: of so many texts the compiler makes one by hashes, which costs a device more than twice as much.
            if (name == "provider")
            {
                good = (to.Provider = Text(json)) != null;
            }
            else if (name == "name")
            {
                good = (to.Name = Text(json)) != null;
            }
            else if (name == "version")
            {
                to.Version = SemanticVersion.Parse(Text(json));
                return to.Version == null ? ResultCode.VersionMalformed : ResultCode.None;
            }
            else if (name == "counter")
            {
                good = json.TryGetInt64(out number) && number >= 0 && number <= uint.MaxValue;
                to.Counter = (uint)number;
            }
            else if (name == "notBefore")
            {
                good = UtcTime.TryParse(Text(json), out to.NotBefore);
            }
            else if (name == "expires")
            {
                good = UtcTime.TryParse(Text(json), out to.Expires);
            }
            else if (name == "allowDowngrade")
            {
                to.AllowDowngrade = json.Token == JsonToken.True;
                good = to.AllowDowngrade || json.Token == JsonToken.False;
            }
            else if (name == "compatibility")
            {
                good = ReadCompatibility(json, to);
            }
            else if (name == "components")
            {
                good = ReadComponents(json, to);
            }

            return good ? ResultCode.None : ResultCode.ManifestMalformed;
        }

        private static bool ReadCompatibility(JsonReader json, UpdateManifest to)
        {
            if (json.Token != JsonToken.ObjectStart)
            {
                return false;
            }

            string name;
            while ((name = json.ReadMember(2)) != null)
            {
                string value = Text(json);
                if (value == null)
                {
                    return false;
                }

                if (name == "target")
                {
                    to.Target = value;
                }
                else
                {
                    to.AsksUnknown = true;
                }
            }

            return true;
        }

        private static bool ReadComponents(JsonReader json, UpdateManifest to)
        {
            if (json.Token != JsonToken.ArrayStart)
            {
                return false;
            }

            ManifestComponent[] read = new ManifestComponent[UpdateManifest.MaxComponents];
            int count = 0;
            while (json.Read() == JsonToken.ObjectStart)
            {
                ManifestComponent component = ReadComponent(json);
                if (component == null || count == read.Length)
                {
                    return false;
                }

                for (int i = 0; i < count; i++)
                {
                    if (read[i].Id == component.Id)
                    {
                        return false;
                    }
                }

                read[count++] = component;
            }

            to.Components = new ManifestComponent[count];
            System.Array.Copy(read, to.Components, count);
            return json.Token == JsonToken.ArrayEnd && count > 0;
        }

        private static ManifestComponent ReadComponent(JsonReader json)
        {
            ManifestComponent component = new ManifestComponent();
            string name;
            while ((name = json.ReadMember(3)) != null)
            {
                bool good = true;
                if (name == "id")
                {
                    component.Id = Text(json);
                    good = component.Id != null && component.Id.Length > 0 && component.Id.Length <= 32;
                }
                else if (name == "version")
                {
                    component.Version = SemanticVersion.Parse(Text(json));
                    good = component.Version != null;
                }
                else if (name == "size")
                {
                    good = json.TryGetInt64(out long size) && size > 0 && size <= int.MaxValue;
                    component.Size = (int)size;
                }
                else if (name == "sha256")
                {
                    component.Sha256 = Hex.Parse(Text(json), nanoOta.Sha256.DigestLength);
                    good = component.Sha256 != null;
                }
                else if (name == "urls")
                {
                    component.Urls = ReadUrls(json);
                    good = component.Urls != null;
                }
                else if (name == "requires")
                {
                    good = ReadRequires(json, component);
                }
                else if (name == "parts")
                {
                    component.Parts = json.GetString();
                }
                else if (name == "patches")
                {
                    component.Patches = json.CopyValue();
                }
                else if (name == "encryption")
                {
                    component.Encryption = json.CopyValue();
                }

                if (!good)
                {
                    return null;
                }
            }

            bool whole = component.Id != null && component.Version != null
                && component.Size > 0 && component.Sha256 != null && component.Urls != null;
            return whole ? component : null;
        }

        private static string[] ReadUrls(JsonReader json)
        {
            string[] read = new string[MaxUrls];
            int count = 0;
            if (json.Token != JsonToken.ArrayStart)
            {
                return null;
            }

            while (json.Read() == JsonToken.String && count < MaxUrls)
            {
                read[count] = json.GetString();
                if (!Url.IsReference(read[count++]))
                {
                    return null;
                }
            }

            string[] urls = new string[count];
            System.Array.Copy(read, urls, count);
            return json.Token == JsonToken.ArrayEnd && count > 0 ? urls : null;
        }

        private static bool ReadRequires(JsonReader json, ManifestComponent to)
        {
            if (json.Token != JsonToken.ObjectStart)
            {
                return false;
            }

            string[] ids = new string[UpdateManifest.MaxComponents];
            SemanticVersion[] versions = new SemanticVersion[UpdateManifest.MaxComponents];
            int count = 0;
            while (count < ids.Length && (ids[count] = json.ReadMember(4)) != null)
            {
                versions[count] = SemanticVersion.Parse(Text(json));
                if (versions[count++] == null)
                {
                    return false;
                }
            }

            to.RequiredIds = new string[count];
            to.RequiredVersions = new SemanticVersion[count];
            System.Array.Copy(ids, to.RequiredIds, count);
            System.Array.Copy(versions, to.RequiredVersions, count);
            return json.Token == JsonToken.ObjectEnd;
        }

        private static string Text(JsonReader json)
        {
            string text = json.GetText();
            return text == null || text.Length > MaxText ? null : text;
        }
    }
}
