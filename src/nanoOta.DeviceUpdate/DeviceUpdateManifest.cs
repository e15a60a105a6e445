// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>
    /// An update manifest of Azure Device Update (4 or 5), turned into the agent's: each file of each step is a component. Which
    /// one, <c>handlerProperties.component</c> says; without it a file whose name ends in <c>.clr.bin</c> is the firmware, any
    /// other one the deployment. Its version is <c>installedCriteria</c>, or without that the update's.
    /// </summary>
    internal sealed class DeviceUpdateManifest
    {
        private const int MaxSteps = 10;

        internal readonly UpdateManifest Update = new UpdateManifest();

        /// <summary>The update's id as it is to be reported: JSON text.</summary>
        internal string Id;

        /// <summary>How many steps it has, and a bit for each that is done already.</summary>
        internal int Steps;
        internal uint Installed;

        private readonly DeviceUpdateRequest _request;
        private readonly DeviceUpdateOptions _options;
        private readonly string[] _ids = new string[DeviceUpdateRequest.MaxFiles];
        private readonly ManifestComponent[] _files = new ManifestComponent[DeviceUpdateRequest.MaxFiles];
        private int _fileCount;
        private bool _isForUs;
        private bool _isKnownSchema;

        private DeviceUpdateManifest(DeviceUpdateRequest request, DeviceUpdateOptions options)
        {
            _request = request;
            _options = options;
            Update.Components = new ManifestComponent[0];
        }

        /// <summary>Reads the manifest of a request, which has been authenticated.</summary>
        internal static ResultCode Read(byte[] text, DeviceUpdateRequest request, DeviceUpdateOptions options, out DeviceUpdateManifest manifest)
        {
            manifest = new DeviceUpdateManifest(request, options);

            // Steps refer to files, whichever stand first.
            ResultCode code = manifest.ReadMembers(text, false);
            code = code == ResultCode.None ? manifest.Judge() : code;
            code = code == ResultCode.None ? manifest.ReadMembers(text, true) : code;
            return code == ResultCode.None && manifest.Steps == 0 ? ResultCode.ManifestMalformed : code;
        }

        /// <summary>A version of two to four numbers: nanoOta has three, so a fourth must be 0.</summary>
        internal static SemanticVersion ParseVersion(string text)
        {
            if (text == null)
            {
                return null;
            }

            string[] parts = text.Split('.');
            return SemanticVersion.Parse(parts.Length == 2 ? text + ".0"
                : parts.Length == 4 && parts[3] == "0" ? text.Substring(0, text.Length - 2) : text);
        }

        private ResultCode ReadMembers(byte[] text, bool steps)
        {
            JsonReader json = new JsonReader(text, 0, text.Length);
            ResultCode code = json.Read() == JsonToken.ObjectStart ? ResultCode.None : ResultCode.ManifestMalformed;
            while (code == ResultCode.None && json.Read() == JsonToken.Name)
            {
                string name = json.GetString();
                json.Read();
                bool good = true;
                if (steps)
                {
                    code = name == "instructions" ? ReadInstructions(json) : ResultCode.None;
                }
                else if (name == "manifestVersion")
                {
                    string version = json.GetString();
                    _isKnownSchema = version != null && (version + ".").IndexOf('.') == 1 && (version[0] == '4' || version[0] == '5');
                }
                else if (name == "detachedManifestFileId")
                {
                    // The manifest proper is a file then.
                    code = ResultCode.SchemaUnknown;
                }
                else if (name == "updateId")
                {
                    good = ReadId(json);
                }
                else if (name == "compatibility")
                {
                    good = ReadCompatibility(json);
                }
                else if (name == "files")
                {
                    good = ReadFiles(json);
                }

                json.Skip();
                code = good ? code : ResultCode.ManifestMalformed;
            }

            return code != ResultCode.None ? code : HubJson.IsWhole(json) ? ResultCode.None : ResultCode.ManifestMalformed;
        }

        private ResultCode Judge()
        {
            if (!_isKnownSchema)
            {
                return ResultCode.SchemaUnknown;
            }

            if (Update.Version == null)
            {
                return ResultCode.VersionMalformed;
            }

            if (Update.Provider != (_options.Provider == null ? _options.Manufacturer : _options.Provider)
                || Update.Name != (_options.Name == null ? _options.Model : _options.Name))
            {
                return ResultCode.WrongProduct;
            }

            return _isForUs ? ResultCode.None : ResultCode.WrongTarget;
        }

        private bool ReadId(JsonReader json)
        {
            string version = null;
            bool good = json.Token == JsonToken.ObjectStart;
            while (good && json.Read() == JsonToken.Name)
            {
                string name = json.GetString();
                json.Read();
                string text = json.GetString();
                Update.Provider = name == "provider" ? text : Update.Provider;
                Update.Name = name == "name" ? text : Update.Name;
                version = name == "version" ? text : version;
                json.Skip();
            }

            Update.Version = ParseVersion(version);
            Id = DeviceUpdateReport.UpdateId(Update.Provider, Update.Name, version);
            return good;
        }

        // One of the sets must fit as a whole.
        private bool ReadCompatibility(JsonReader json)
        {
            bool good = json.Token == JsonToken.ArrayStart;
            while (good && json.Read() == JsonToken.ObjectStart)
            {
                bool fits = true;
                int count = 0;
                while (json.Read() == JsonToken.Name)
                {
                    string wanted = _options.Find(json.GetString());
                    json.Read();
                    fits &= wanted != null && json.Is(wanted);
                    count++;
                    json.Skip();
                }

                _isForUs |= fits && count > 0;
            }

            return good && json.Token == JsonToken.ArrayEnd;
        }

        private bool ReadFiles(JsonReader json)
        {
            bool good = json.Token == JsonToken.ObjectStart;
            while (good && json.Read() == JsonToken.Name)
            {
                string id = json.GetString();
                ManifestComponent file = new ManifestComponent();
                good = json.Read() == JsonToken.ObjectStart && _fileCount < _files.Length;
                while (good && json.Read() == JsonToken.Name)
                {
                    string name = json.GetString();
                    json.Read();
                    if (name == "fileName")
                    {
                        string text = json.GetString();
                        file.Id = text != null && text.EndsWith(".clr.bin") ? ManifestComponent.Clr : ManifestComponent.Deployment;
                    }
                    else if (name == "sizeInBytes")
                    {
                        good = json.TryGetInt64(out long size) && size > 0 && size <= int.MaxValue;
                        file.Size = (int)size;
                    }
                    else if (name == "hashes")
                    {
                        file.Sha256 = AnyBase64.Read(HubJson.Find(json, "sha256", null), Sha256.DigestLength);
                    }

                    json.Skip();
                }

                good = good && file.Size > 0 && file.Sha256 != null && file.Sha256.Length == Sha256.DigestLength && file.Id != null;
                if (good)
                {
                    _ids[_fileCount] = id;
                    _files[_fileCount++] = file;
                }
            }

            return good;
        }

        private ResultCode ReadInstructions(JsonReader json)
        {
            ResultCode code = json.Token == JsonToken.ObjectStart ? ResultCode.None : ResultCode.ManifestMalformed;
            while (code == ResultCode.None && json.Read() == JsonToken.Name)
            {
                bool isSteps = json.Is("steps");
                json.Read();
                while (isSteps && code == ResultCode.None && json.Read() == JsonToken.ObjectStart)
                {
                    code = Steps < MaxSteps ? ReadStep(json) : ResultCode.ManifestMalformed;
                    Steps++;
                }

                json.Skip();
            }

            return code;
        }

        private ResultCode ReadStep(JsonReader json)
        {
            string handler = null;
            string component = null;
            string criteria = null;
            string parts = null;
            string[] files = new string[MaxSteps];
            int count = 0;
            while (json.Read() == JsonToken.Name)
            {
                string name = json.GetString();
                json.Read();
                if (name == "handler")
                {
                    handler = json.GetString();
                }
                else if (name == "files")
                {
                    while (json.Read() == JsonToken.String && count < files.Length)
                    {
                        files[count++] = json.GetString();
                    }
                }
                else if (name == "handlerProperties" && json.Token == JsonToken.ObjectStart)
                {
                    while (json.Read() == JsonToken.Name)
                    {
                        string property = json.GetString();
                        json.Read();
                        component = property == "component" ? json.GetString() : component;
                        criteria = property == "installedCriteria" ? json.GetString() : criteria;
                        parts = property == "parts" ? json.GetString() : parts;
                        Update.AllowDowngrade |= property == "allowDowngrade" && json.Token == JsonToken.True;
                        if (property == "counter" && json.TryGetInt64(out long counter))
                        {
                            Update.Counter = (uint)counter;
                        }

                        json.Skip();
                    }
                }

                json.Skip();
            }

            // Without a handler it refers to another update.
            if (handler == null || Array.IndexOf(_options.Handlers, handler) < 0)
            {
                return ResultCode.ComponentUnknown;
            }

            SemanticVersion version = ParseVersion(criteria);
            ResultCode code = count == 0 || json.Token != JsonToken.ObjectEnd ? ResultCode.ManifestMalformed : ResultCode.None;
            bool installed = version != null;
            for (int i = 0; i < count && code == ResultCode.None; i++)
            {
                code = AddFile(files[i], count == 1 ? component : null, count == 1 ? parts : null, version, ref installed);
            }

            Installed |= installed ? 1u << Steps : 0;
            return code;
        }

        private ResultCode AddFile(string id, string component, string parts, SemanticVersion version, ref bool installed)
        {
            int at = Array.IndexOf(_ids, id);
            if (at < 0)
            {
                return ResultCode.ManifestMalformed;
            }

            ManifestComponent file = _files[at];
            file.Id = component == null ? file.Id : component;
            file.Parts = parts;
            file.Version = version == null ? Update.Version : version;
            if (version != null && IsInstalled(file.Id, version))
            {
                return ResultCode.None;
            }

            installed = false;
            string url = _request.UrlOf(id);
            file.Urls = new string[] { url };
            if (!Url.IsAbsolute(url))
            {
                return url == null ? ResultCode.UrlMissing : ResultCode.UrlMalformed;
            }

            int count = Update.Components.Length;
            if (count == UpdateManifest.MaxComponents || Update.Find(file.Id) != null)
            {
                return ResultCode.ManifestMalformed;
            }

            ManifestComponent[] components = new ManifestComponent[count + 1];
            Array.Copy(Update.Components, components, count);
            components[count] = file;
            Update.Components = components;
            return ResultCode.None;
        }

        private bool IsInstalled(string component, SemanticVersion version)
        {
            UpdateModule[] modules = _options.Modules;
            for (int i = 0; modules != null && i < modules.Length; i++)
            {
                if (modules[i].Handles(component))
                {
                    SemanticVersion installed = SemanticVersion.Parse(modules[i].VersionOf(component));
                    return installed != null && installed.CompareTo(version) == 0;
                }
            }

            return false;
        }
    }
}
