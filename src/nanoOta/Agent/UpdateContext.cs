// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;

namespace nanoOta
{
    /// <summary>State shared by the stages: their surroundings, the update in hand, the one buffer, and the one connection.</summary>
    internal sealed class UpdateContext
    {
        /// <summary>The size of the buffer, of a step of a download, and of a flash sector.</summary>
        internal const int BlockLength = 4096;

        // A cancel is to be heard within a minute: so long, and then the read that is in progress.
        private const int FetchMilliseconds = 50000;

        internal readonly byte[] Buffer = new byte[BlockLength];
        internal readonly byte[] HashState = new byte[Sha256.StateLength];
        internal readonly UpdateStatus Status = new UpdateStatus();
        internal readonly UpdateAgentOptions Options;
        internal readonly IUpdateChannel Channel;
        internal readonly IHasher Hasher;
        internal readonly Journal Journal;
        internal readonly UpdateModule[] Modules;
        internal readonly SlotHash SlotHash;

        // Tries within a round; its failures are forgotten with each block of progress.
        internal readonly Backoff Tries;

        // The update in hand.
        internal UpdateOffer Offer;
        internal UpdateManifest Manifest;
        internal readonly byte[] Digest = new byte[Sha256.DigestLength];
        internal string Version = string.Empty;

        // Where whole files come from, and what puts an image together from what there is; null: nothing does.
        internal readonly IImageSource Files;
        internal readonly ImageDelta Delta;

        private readonly string _container;

        internal UpdateContext(UpdateAgentOptions options, IUpdateChannel channel, IImageSource source)
        {
            Options = options;
            Channel = channel;
            Files = source;
            Delta = options.Delta;
            Hasher = options.Hasher;
            Journal = new Journal(options.Journal);
            Modules = options.Modules;
            SlotHash = new SlotHash(this);
            _container = options.ContainerUrl == null ? null : Url.AsFolder(options.ContainerUrl);
            Tries = new Backoff(options.FirstRetrySeconds * 1000L, options.LongestRetrySeconds * 1000L, Crc.Of(options.DeviceId));
        }

        /// <summary>Whether the image in hand is put together from several origins.</summary>
        internal bool UsesDelta => Delta != null && Delta.IsOn;

        /// <summary>Where the next bytes come from.</summary>
        internal IImageSource Source => UsesDelta ? Delta.Source : Files;

        /// <summary>
        /// Whether the connection is kept until its end, however long the channel waits: a server without ranges would send all from
        /// the start again.
        /// </summary>
        internal bool IsWhole;

        /// <summary>Whether the source is open.</summary>
        internal bool IsOpen;

        /// <summary>The version that runs.</summary>
        internal SemanticVersion Current;

        /// <summary>Whether the agent has the only network session, so that the channel must not be stepped.</summary>
        internal bool HoldsSession => !Options.Session.AllowsTwo && Options.Session.Holder == this;

        /// <summary>Opens the source, when need be in the channel's stead.</summary>
        internal ResultCode OpenSource(string url, int offset, long now)
        {
            if (!Options.Session.AllowsTwo && !HoldsSession)
            {
                Channel.Pause();
            }

            if (!Options.Session.Take(this, now + FetchMilliseconds))
            {
                return ResultCode.Unreachable;
            }

            ResultCode code = Source.Open(url, offset, 0);
            IsOpen = code == ResultCode.None;
            return code;
        }

        internal void CloseSource()
        {
            if (IsOpen)
            {
                IsOpen = false;
                Source.Close();
            }
        }

        /// <summary>Ends the agent's turn on the network: the channel may have the session.</summary>
        internal void ReleaseSession()
        {
            CloseSource();
            Options.Session.Release(this);
        }

        /// <summary>After a failure: whether the round goes on with another try, and when.</summary>
        /// <returns>To wait for the code; or failed with it, when it was the round's last try.</returns>
        internal long TryAgain(ResultCode code, long now)
        {
            int asked = Source.RetryAfter;
            CloseSource();
            return Tries.Failures + 1 >= Options.MaxTries ? StepResult.Over(code) : StepResult.WaitFor(code, now + Tries.Failed(asked));
        }

        /// <summary>Finds the key to a component's file, when it is encrypted.</summary>
        internal ResultCode BeginDecryption(ManifestComponent component)
        {
            return component.Encryption == null ? ResultCode.None
                : Options.Decryption == null ? ResultCode.RecipientMissing : Options.Decryption.Begin(component);
        }

        internal UpdateModule ModuleFor(string id)
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

        /// <summary>What the files of the update in hand are relative to: a container, or the manifest; null when nothing says it.</summary>
        internal string BaseUrl => Offer.Url == null ? _container : Offer.Url;

        /// <summary>Where a file of the update in hand lies. A token goes to the place it was given for and to no other.</summary>
        internal string UrlOf(string reference)
        {
            string document = BaseUrl;
            if (document == null)
            {
                return reference;
            }

            // What is relative to a manifest at a signed URL needs the signature as well.
            string url = Url.Resolve(document, reference);
            string token = Offer.Token != null || Url.IsAbsolute(reference) || reference.IndexOf('?') >= 0 ? Offer.Token : Url.QueryOf(document);
            return Url.IsSameOrigin(url, document) ? Url.AddQuery(url, token) : url;
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
        internal bool Takes(UpdateModule module)
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
    }
}
