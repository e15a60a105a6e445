using System.Reflection;
using nanoOta.Budgets.Flow;
using nanoOta.VirtualDevice.Cloud;

namespace nanoOta.Budgets.Heap
{
    /// <summary>The managed heap that is in use during an update, the one buffer of 4 KiB included: by the agent, and with the twin channel.</summary>
    internal static class HeapMeter
    {
        private const int Size = 256 * 1024;
        private const int AgentBudget = 12 * 1024;
        private const int TwinBudget = 20 * 1024;

        // Slow enough for the hub to have its turns in the middle of the download.
        private const int Rate = 3000;
        private const int TwinLength = 2048;

        // With the reported properties of the update the twin's text comes to 2 KiB.
        private const int OtherBytes = TwinLength - 260;

        private static readonly Assembly[] _agent = [typeof(UpdateAgent).Assembly, typeof(FirmwareModule).Assembly, typeof(HttpImageSource).Assembly];
        private static readonly Assembly[] _twin = [.. _agent, typeof(TwinChannel).Assembly];

        /// <summary>Walks all objects at each read from the server and each report, and takes the most.</summary>
        public static IEnumerable<BudgetRow> Measure()
        {
            HeapWalk agent = Most(new Watch(_agent, hub: null));
            yield return new BudgetRow("heap", "managed heap in use during an update: the agent", "bytes", AgentBudget,
                $"model of nanoCLR's heap over {agent.Objects} objects reachable from agent, HTTP source, slots and static fields, at each read and report, the one buffer of 4 KiB included; channel, sockets and what lives within one call aside")
            {
                Measured = agent.Bytes,
            };

            var watch = new Watch(_twin, TwinHub.Make(OtherBytes));
            HeapWalk twin = Most(watch);
            yield return new BudgetRow("heap:twin", "managed heap in use during an update: agent, twin channel, hub connection and a twin of 2 KiB", "bytes", TwinBudget,
                $"the same over {twin.Objects} objects, at the moment the twin is read: its text of {watch.TwinLength} characters, the copy in UTF-8, the reader, the offer it makes and the one before; the Azure client's own objects aside")
            {
                Measured = twin.Bytes,
            };
        }

        /// <summary>An array of 4 KiB, a string, and an object with three fields, worked out by hand.</summary>
        public static string? SelfCheck()
        {
            var walk = new HeapWalk(assembly => assembly == typeof(HeapMeter).Assembly);
            walk.Add(new Sample());
            int expected = 12 * (1 + 3) + 4116 + 24;
            return walk.Bytes == expected ? null : $"{walk.Bytes} bytes instead of {expected}";
        }

        private static HeapWalk Most(Watch watch)
        {
            Scene? scene = null;
            scene = new Scene(Size)
            {
                Hub = watch.Hub,
                Rate = watch.Hub == null ? 0 : Rate,
                OnRead = () => watch.Look(scene!.Connection?.Twin),
                OnAgent = agent =>
                {
                    watch.Agent = agent;
                    agent.StatusChanged += (_, _) => watch.Look(null);
                },
            };
            scene.RunTo(ResultCode.Applied);
            return watch.Most;
        }

        // Looks at the heap now and then, and keeps the look that saw most.
        private sealed class Watch(Assembly[] device, LocalHub? hub)
        {
            private readonly object[] _others = [new HttpImageSource(new UpdateAgentOptions(), null), new NativeSlots()];

            public LocalHub? Hub => hub;

            public UpdateAgent? Agent { get; set; }

            public HeapWalk Most { get; private set; } = new(device.Contains);

            /// <summary>The length of the twin's text when most was seen.</summary>
            public int TwinLength { get; private set; }

            /// <summary>Looks, as if the channel had just read a twin; null: as it is.</summary>
            public void Look(string? twin)
            {
                var walk = new HeapWalk(device.Contains);
                Array.ForEach(device, walk.AddStatics);
                Array.ForEach([Agent!, .. _others], walk.Add);
                if (twin != null)
                {
                    // The channel reads it in its turns, which come in the middle of a download. Between two calls nothing of this is there.
                    JsonReader reader = HubJson.Open(twin);
                    walk.Add(reader);
                    walk.Add(ReadOffer(reader));
                }

                if (walk.Bytes > Most.Bytes)
                {
                    (Most, TwinLength) = (walk, twin?.Length ?? 0);
                }
            }

            private static UpdateOffer? ReadOffer(JsonReader twin)
            {
                UpdateOffer? offer = null;
                int depth = twin.Depth;
                while (twin.ReadMember(depth) is { } name)
                {
                    offer = name == "desired" ? PlainOffer.Read(twin, out _) : offer;
                }

                return offer ?? throw new InvalidOperationException("The twin has no offer.");
            }
        }

        private sealed class Sample
        {
            public byte[] Buffer = new byte[4096];
            public string Text = "1.10.0";
            public int Number = 1;
        }
    }
}
