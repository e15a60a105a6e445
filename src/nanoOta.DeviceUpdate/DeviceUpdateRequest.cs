// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

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

        private const string Service = "/deviceUpdate/service";

        /// <summary>What desired properties must be read for.</summary>
        internal static readonly string[] Paths = { Service + "/", "/$version" };

        private JsonValues _service;

        /// <summary>Reads a request.</summary>
        /// <param name="desired">The desired properties, read for <see cref="Paths"/>.</param>
        /// <returns>The request; without a workflow id when the component is not there.</returns>
        internal static DeviceUpdateRequest Read(JsonValues desired)
        {
            JsonValues service = desired.Below(Service);
            return new DeviceUpdateRequest
            {
                _service = service,
                Version = desired.Number("/$version"),
                Action = (int)service.Number("/workflow/action"),
                WorkflowId = service.Text("/workflow/id"),
                RetryTimestamp = service.Text("/workflow/retryTimestamp"),
                Manifest = service.Text("/updateManifest"),
                Signature = service.Text("/updateManifestSignature"),
                RootKeyPackageUrl = service.Text("/rootKeyPackageUrl"),
            };
        }

        /// <summary>Where a file lies.</summary>
        /// <param name="id">The file's id in the manifest.</param>
        /// <returns>Its URL; null when the request has none.</returns>
        public string UrlOf(string id)
        {
            return _service.Text("/fileUrls/" + id);
        }

        /// <summary>Tells whether another request is the same one, sent again.</summary>
        /// <param name="other">The other one; may be null.</param>
        /// <returns>True when it is.</returns>
        public bool IsSame(DeviceUpdateRequest other)
        {
            return other != null && Action == other.Action && WorkflowId == other.WorkflowId && RetryTimestamp == other.RetryTimestamp
                && Manifest == other.Manifest && Signature == other.Signature;
        }
    }
}
