// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>What Azure Device Update asks for: <c>deviceUpdate.service</c> of a twin's desired properties.</summary>
    public sealed class DeviceUpdateRequest
    {
        /// <summary>The action: install an update.</summary>
        public const int Process = 3;

        /// <summary>The action: let it be; also said when there is no deployment.</summary>
        public const int Cancel = 255;

        /// <summary>The most files of an update.</summary>
        public const int MaxFiles = 20;

        /// <summary><see cref="Process"/> or <see cref="Cancel"/>; others are of the preview.</summary>
        public int Action;

        /// <summary>The deployment's id; <c>nodeployment</c> when there is none; null when the request names none.</summary>
        public string WorkflowId;

        /// <summary>Another value has a failed deployment tried again; as it stands, never read as a time; null when there is none.</summary>
        public string RetryTimestamp;

        /// <summary>The update manifest; null when there is none.</summary>
        public string Manifest;

        /// <summary>The manifest's signature; null when there is none.</summary>
        public string Signature;

        /// <summary>Where the root-key package lies; null when nothing says so.</summary>
        public string RootKeyPackageUrl;

        /// <summary>The desired properties' <c>$version</c>; 0 when they have none.</summary>
        public long Version;

        private readonly string[] _ids = new string[MaxFiles];
        private readonly string[] _urls = new string[MaxFiles];
        private int _files;

        /// <summary>Reads a request.</summary>
        /// <param name="desired">Stands at the start of the desired properties; afterwards at their end, or at an error.</param>
        /// <returns>The request; without a workflow id when the component is not there.</returns>
        public static DeviceUpdateRequest Read(JsonReader desired)
        {
            DeviceUpdateRequest request = new DeviceUpdateRequest();
            request.Walk(desired, string.Empty);
            return request;
        }

        /// <summary>Where a file lies.</summary>
        /// <param name="id">The file's id in the manifest.</param>
        /// <returns>Its URL; null when the request has none.</returns>
        public string UrlOf(string id)
        {
            int at = id == null ? -1 : Array.IndexOf(_ids, id);
            return at < 0 ? null : _urls[at];
        }

        /// <summary>Tells whether another request is the same one, sent again.</summary>
        /// <param name="other">The other one; may be null.</param>
        /// <returns>True when it is.</returns>
        public bool IsSame(DeviceUpdateRequest other)
        {
            return other != null && Action == other.Action && WorkflowId == other.WorkflowId && RetryTimestamp == other.RetryTimestamp
                && Manifest == other.Manifest && Signature == other.Signature;
        }

        private void Walk(JsonReader json, string path)
        {
            while (json.Read() == JsonToken.Name)
            {
                string name = json.GetString();
                json.Read();
                if (json.Token == JsonToken.ObjectStart && (path.Length > 0 || name == "deviceUpdate"))
                {
                    Walk(json, path + "/" + name);
                }
                else
                {
                    Take(json, path, name);
                    json.Skip();
                }
            }
        }

        private void Take(JsonReader json, string path, string name)
        {
            if (path.Length == 0)
            {
                if (name == "$version")
                {
                    json.TryGetInt64(out Version);
                }

                return;
            }

            string text = json.GetString();
            if (path == "/deviceUpdate/service/workflow")
            {
                if (name == "action")
                {
                    json.TryGetInt64(out long action);
                    Action = (int)action;
                }
                else if (name == "id")
                {
                    WorkflowId = text;
                }
                else if (name == "retryTimestamp")
                {
                    RetryTimestamp = text;
                }
            }
            else if (path == "/deviceUpdate/service/fileUrls")
            {
                if (_files < MaxFiles)
                {
                    _ids[_files] = name;
                    _urls[_files++] = text;
                }
            }
            else if (path == "/deviceUpdate/service")
            {
                if (name == "updateManifest")
                {
                    Manifest = text;
                }
                else if (name == "updateManifestSignature")
                {
                    Signature = text;
                }
                else if (name == "rootKeyPackageUrl")
                {
                    RootKeyPackageUrl = text;
                }
            }
        }
    }
}
