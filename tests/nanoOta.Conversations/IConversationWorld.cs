// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using nanoFramework.Azure.Devices.Client;

namespace nanoOta.Conversations
{
    /// <summary>What a conversation is played in: a client, and a hub that keeps to the script.</summary>
    public interface IConversationWorld
    {
        /// <summary>Makes a client of the device "washer" that talks with the hub.</summary>
        DeviceClient NewClient();

        /// <summary>Tells the hub its part of the next step.</summary>
        /// <param name="lines">Lines that start with &gt;, &lt; or -; the hub starts with what comes before the first &gt;.</param>
        void Expect(string[] lines);

        /// <summary>Lets time pass, in which everything that is under way happens.</summary>
        /// <param name="milliseconds">How much.</param>
        void Pass(int milliseconds);

        /// <summary>What the hub heard, said and did since <see cref="Expect"/>, as lines of a script.</summary>
        string[] TakeTraffic();
    }
}
