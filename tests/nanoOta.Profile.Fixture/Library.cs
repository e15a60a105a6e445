using System;
using System.Collections;
using System.IO;
using System.Text;
using System.Threading;

namespace nanoOta.Profile.Fixture
{
    /// <summary>Uses one of everything that is forwarded to .NET.</summary>
    public static class Library
    {
        /// <summary>Conversions, bits and dates.</summary>
        public static string Values()
        {
            byte[] bytes = BitConverter.GetBytes(0x01020304u);
            var id = new Guid(new byte[16]);
            DateTime day = new DateTime(2026, 11, 20).AddDays(1);
            TimeSpan span = TimeSpan.FromSeconds(90);
            return BitConverter.ToString(bytes) + Convert.ToBase64String(bytes) + id + day.Day + span.Minutes + Math.Max(1, 2)
                + new Version(1, 2, 3, 4);
        }

        /// <summary>Text and streams.</summary>
        public static string Streams()
        {
            var stream = new Reversed(Encoding.UTF8.GetBytes("abc"));
            byte[] buffer = new byte[8];
            int count = stream.Read(buffer, 0, buffer.Length);
            stream.Seek(0, SeekOrigin.Begin);
            return new StringBuilder().Append(Encoding.UTF8.GetString(buffer, 0, count)).Append(stream.Length).ToString();
        }

        /// <summary>Threads, events, cancellation.</summary>
        public static bool Threads()
        {
            var done = new ManualResetEvent(false);
            var source = new CancellationTokenSource();
            source.Token.Register(() => done.Set());
            new Thread(() => source.Cancel()).Start();
            return done.WaitOne(10000, false) && source.IsCancellationRequested;
        }

        /// <summary>Collections.</summary>
        public static int Collections()
        {
            var queue = new Queue();
            queue.Enqueue(1);
            var stack = new Stack();
            stack.Push(queue.Dequeue());
            return (int)stack.Pop() + queue.Count;
        }

        /// <summary>Overrides what is abstract on the device and unknown to .NET.</summary>
        private sealed class Reversed : MemoryStream
        {
            public Reversed(byte[] bytes) : base(bytes)
            {
            }

            public override int Read(byte[] buffer, int offset, int count)
            {
                int read = base.Read(buffer, offset, count);
                for (int i = 0; i < read / 2; i++)
                {
                    byte swapped = buffer[offset + i];
                    buffer[offset + i] = buffer[offset + read - 1 - i];
                    buffer[offset + read - 1 - i] = swapped;
                }

                return read;
            }

            public override int Read(SpanByte buffer) => throw new NotSupportedException();
        }
    }
}
