// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>What the works of one agent share: its surroundings, the update in hand, and the one buffer.</summary>
    internal sealed class UpdateContext
    {
        /// <summary>The size of the buffer, of a step of a download, and of a flash sector.</summary>
        internal const int BlockLength = 4096;

        internal readonly byte[] Buffer = new byte[BlockLength];
        internal readonly Sha256 Hash = new Sha256();
        internal readonly UpdateStatus Status = new UpdateStatus();
        internal readonly UpdateAgentOptions Options;
        internal readonly IUpdateChannel Channel;
        internal readonly IImageSource Source;
        internal readonly Journal Journal;
        internal readonly IUpdateModule[] Modules;
        internal readonly Backoff Backoff;

        // The update in hand.
        internal UpdateOffer Offer;
        internal UpdateManifest Manifest;
        internal readonly byte[] Digest = new byte[Sha256.DigestLength];
        internal string Version = string.Empty;

        /// <summary>When the work in hand wants to be called again; set by the work, each time it is not done.</summary>
        internal long Due;

        internal UpdateContext(UpdateAgentOptions options, IUpdateChannel channel, IImageSource source, IJournalStore store, IUpdateModule[] modules)
        {
            Options = options;
            Channel = channel;
            Source = source;
            Journal = new Journal(store, Status);
            Modules = modules;
            Backoff = new Backoff(options.FirstRetrySeconds * 1000L, options.LongestRetrySeconds * 1000L, Crc.Of(options.DeviceId));
        }

        /// <summary>Whether the source is open.</summary>
        internal bool IsFetching;

        /// <summary>The version that runs.</summary>
        internal SemanticVersion Current { get; set; }

        /// <summary>Opens the source, when need be in the channel's stead.</summary>
        internal ResultCode OpenSource(string url, int offset)
        {
            if (Options.PauseChannelWhileDownloading)
            {
                Channel.Pause();
            }

            IsFetching = true;
            return Source.Open(url, offset, 0);
        }

        internal void CloseSource()
        {
            IsFetching = false;
            Source.Close();
        }

        internal IUpdateModule ModuleFor(string id)
        {
            for (int i = 0; i < Modules.Length; i++)
            {
                if (Modules[i].Handles(id))
                {
                    return Modules[i];
                }
            }

            return null;
        }

        /// <summary>Where a file of the update in hand lies. The offer's token goes to the place it was given for and to no other.</summary>
        internal string UrlOf(string reference)
        {
            string url = Url.Resolve(Offer.Url, reference);
            return Url.IsSameOrigin(url, Offer.Url) ? Url.AddQuery(url, Offer.Token) : url;
        }

        /// <summary>Seconds since 1970; 0 while the clock is not set, or when the application's own clock throws.</summary>
        internal long Time()
        {
            try
            {
                return Options.Clock();
            }
            catch (Exception e)
            {
                Status.Fault = e;
                return 0;
            }
        }

        /// <summary>Tells whether a module has a component in the manifest in hand.</summary>
        internal bool Takes(IUpdateModule module)
        {
            for (int i = 0; i < Manifest.Components.Length; i++)
            {
                if (ModuleFor(Manifest.Components[i].Id) == module)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Not done: call again at a time.</summary>
        internal ResultCode Until(long due)
        {
            Due = due;
            return ResultCode.Pending;
        }

        /// <summary>Not done: waits for a reason that is reported.</summary>
        internal ResultCode WaitFor(ResultCode reason, long due)
        {
            Status.Waiting = reason;
            Due = due;
            return ResultCode.Pending;
        }
    }
}
