using System.Reflection;
using nanoOta.Budgets.Flow;

namespace nanoOta.Budgets.Heap
{
    /// <summary>The managed heap that the agent holds during an update, its one buffer of 4 KiB included.</summary>
    internal static class HeapMeter
    {
        private const int Size = 256 * 1024;
        private const int Budget = 12 * 1024;

        private static readonly Assembly[] _device = [typeof(UpdateAgent).Assembly, typeof(FirmwareModule).Assembly];

        /// <summary>Walks the agent's objects at each read from the server and each report, and takes the most.</summary>
        public static BudgetRow Measure()
        {
            HeapWalk most = new(IsDevice);
            UpdateAgent? agent = null;
            object[] others = [new HttpImageSource(new UpdateAgentOptions(), null), new NativeSlots()];
            void Look()
            {
                HeapWalk walk = Walk([agent!, .. others]);
                most = walk.Bytes > most.Bytes ? walk : most;
            }

            new Scene(Size)
            {
                OnRead = Look,
                OnAgent = a =>
                {
                    agent = a;
                    a.StatusChanged += (_, _) => Look();
                },
            }.RunTo(ResultCode.Applied);
            return new BudgetRow("heap", "managed heap in use by the agent during an update, one 4 KiB buffer included", "bytes", Budget,
                $"model of nanoCLR's heap over {most.Objects} objects reachable from agent, HTTP source, slots and static fields, at each read and report; channel, sockets and what lives within one call aside")
            {
                Measured = most.Bytes,
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

        private static HeapWalk Walk(object[] roots)
        {
            var walk = new HeapWalk(IsDevice);
            Array.ForEach(_device, walk.AddStatics);
            Array.ForEach(roots, walk.Add);
            return walk;
        }

        private static bool IsDevice(Assembly assembly)
        {
            return _device.Contains(assembly);
        }

        private sealed class Sample
        {
            public byte[] Buffer = new byte[4096];
            public string Text = "1.10.0";
            public int Number = 1;
        }
    }
}
