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
        private int _instructions;
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
            ResultCode code = manifest.ReadMembers(text);
            code = code == ResultCode.None ? manifest.Judge() : code;
            code = code == ResultCode.None ? manifest.ReadInstructions(text) : code;
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

        private ResultCode ReadMembers(byte[] text)
        {
            JsonReader json = new JsonReader(text, 0, text.Length);
            bool good = json.Read() == JsonToken.ObjectStart;
            string name;
            while (good && (name = json.ReadMember(1)) != null)
            {
                switch (name)
                {
                    case "manifestVersion":
                        string version = json.GetString();
                        _isKnownSchema = version != null && (version + ".").IndexOf('.') == 1 && (version[0] == '4' || version[0] == '5');
                        break;
                    case "detachedManifestFileId":
                        // The manifest proper is a file then.
                        return ResultCode.SchemaUnknown;
                    case "updateId":
                        ReadId(new JsonValues(json, null));
                        break;
                    case "compatibility":
                        good = ReadCompatibility(json);
                        break;
                    case "files":
                        good = ReadFiles(json);
                        break;
                    case "instructions":
                        _instructions = json.Position;
                        break;
                }
            }

            return good && HubJson.IsWhole(json) ? ResultCode.None : ResultCode.ManifestMalformed;
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

        private void ReadId(JsonValues id)
        {
            string version = id.Text("/version");
            Update.Provider = id.Text("/provider");
            Update.Name = id.Text("/name");
            Update.Version = ParseVersion(version);
            Id = DeviceUpdateReport.UpdateId(Update.Provider, Update.Name, version);
        }

        // One of the sets must fit as a whole.
        private bool ReadCompatibility(JsonReader json)
        {
            bool good = json.Token == JsonToken.ArrayStart;
            while (good && json.Read() == JsonToken.ObjectStart)
            {
                bool fits = true;
                int count = 0;
                int depth = json.Depth;
                string name;
                while ((name = json.ReadMember(depth)) != null)
                {
                    string wanted = _options.Find(name);
                    fits &= wanted != null && json.GetText() == wanted;
                    count++;
                }

                _isForUs |= fits && count > 0;
            }

            return good && json.Token == JsonToken.ArrayEnd;
        }

        private bool ReadFiles(JsonReader json)
        {
            bool good = json.Token == JsonToken.ObjectStart;
            int depth = json.Depth;
            string id;
            while (good && (id = json.ReadMember(depth)) != null)
            {
                JsonValues values = new JsonValues(json, null);
                string name = values.Text("/fileName");
                long size = values.Number("/sizeInBytes");
                ManifestComponent file = new ManifestComponent();
                file.Size = (int)size;
                file.Sha256 = Base64Url.ReadEither(values.Text("/hashes/sha256"), Sha256.DigestLength);
                good = name != null && size > 0 && size <= int.MaxValue && file.Sha256 != null && file.Sha256.Length == Sha256.DigestLength && _fileCount < _files.Length;
                if (good)
                {
                    file.Id = name.EndsWith(".clr.bin") ? ManifestComponent.Clr : ManifestComponent.Deployment;
                    _ids[_fileCount] = id;
                    _files[_fileCount++] = file;
                }
            }

            return good;
        }

        private ResultCode ReadInstructions(byte[] text)
        {
            // The whole text has been read before, so that what follows the instructions does not matter here.
            JsonReader json = new JsonReader(text, _instructions, text.Length - _instructions);
            string name = null;
            ResultCode code = json.Read() == JsonToken.ObjectStart ? ResultCode.None : ResultCode.ManifestMalformed;
            while (code == ResultCode.None && (name = json.ReadMember(1)) != null)
            {
                while (name == "steps" && code == ResultCode.None && json.Read() == JsonToken.ObjectStart)
                {
                    code = Steps < MaxSteps ? ReadStep(new JsonValues(json, null)) : ResultCode.ManifestMalformed;
                    Steps++;
                }
            }

            return code;
        }

        private ResultCode ReadStep(JsonValues step)
        {
            JsonValues properties = step.Below("/handlerProperties");
            string component = properties.Text("/component");
            string parts = properties.Text("/parts");
            SemanticVersion version = ParseVersion(properties.Text("/installedCriteria"));
            Update.AllowDowngrade |= properties.IsTrue("/allowDowngrade");
            long counter = properties.Number("/counter");
            Update.Counter = counter == 0 ? Update.Counter : (uint)counter;

            // Without a handler it refers to another update.
            string handler = step.Text("/handler");
            if (handler == null || Array.IndexOf(_options.Handlers, handler) < 0)
            {
                return ResultCode.ComponentUnknown;
            }

            bool installed = version != null;
            bool isOnly = step.Text("/files/1") == null;
            int count = 0;
            ResultCode code = ResultCode.None;
            string file;
            while (code == ResultCode.None && (file = step.Text("/files/" + count.ToString())) != null)
            {
                code = AddFile(file, isOnly ? component : null, isOnly ? parts : null, version, ref installed);
                count++;
            }

            Installed |= installed ? 1u << Steps : 0;
            return count == 0 ? ResultCode.ManifestMalformed : code;
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
                    // What is on trial may yet be taken back.
                    ModuleStatus status = new ModuleStatus();
                    modules[i].GetStatus(status);
                    SemanticVersion installed = SemanticVersion.Parse(modules[i].VersionOf(component));
                    return installed != null && installed.CompareTo(version) == 0 && status.Trial != TrialPhase.Running;
                }
            }

            return false;
        }
    }
}
