// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Owns the network of a device: who may have a connection open, and until when. A TLS session takes more than 33 KB on an ESP32
    /// without PSRAM, so there is one by default: the channel has it, and gives it up while files are fetched. Everything of
    /// this library that opens a connection takes the session first: the hub's connection, the agent for manifests and images, the
    /// fetch of root keys. Who has it, and until when, only its methods set.
    /// </summary>
    public sealed class NetworkSession
    {
        /// <summary>Set it on a device with room for two TLS sessions (PSRAM): nobody waits for anybody then.</summary>
        public bool AllowsTwo;

        /// <summary>Who has the session; null when it is free.</summary>
        public object Holder;

        /// <summary>When the holder gives it up, in milliseconds since the boot; <c>long.MaxValue</c>: when somebody asks for it.</summary>
        public long Until;

        /// <summary>Takes the session, or keeps it.</summary>
        /// <param name="user">Who asks.</param>
        /// <param name="until">How long it is wanted.</param>
        /// <returns>False while another has it: ask again in a second.</returns>
        public bool Take(object user, long until)
        {
            if (Holder != null && Holder != user && !AllowsTwo)
            {
                return false;
            }

            if (Holder != user)
            {
                Holder = user;
                Until = until;
            }

            return true;
        }

        /// <summary>Gives the session back. Without it, does nothing.</summary>
        /// <param name="user">Who had it; its connection is closed.</param>
        public void Release(object user)
        {
            if (Holder == user)
            {
                Holder = null;
            }
        }
    }
}
