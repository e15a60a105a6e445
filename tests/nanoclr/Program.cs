// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using nanoFramework.Azure.Devices.Client;
using nanoFramework.M2Mqtt;
using nanoOta.Conversations;

namespace nanoOta.NanoClr
{
    // Compiled by run-on-nanoclr.sh together with Script.cs, which it makes from one conversation.
    internal static class Program
    {
        private static void Main()
        {
            Console.WriteLine("BEGIN");
            World world = new World();
            foreach (string line in new ConversationRunner(world).Play(Script.Text).Split('\n'))
            {
                Console.WriteLine(line);
            }

            Console.WriteLine("END");
            world.End();
        }

        private sealed class World : NanoClrWorld
        {
            protected override DeviceClient Make(IMqttClient mqtt)
            {
                return new DeviceClient(mqtt, "hub.example", "washer", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0");
            }
        }
    }
}
