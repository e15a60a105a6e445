// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Threading;

namespace nanoOta
{
    // One thread that steps the agent whenever it is due.
    public sealed partial class UpdateAgent
    {
        private readonly AutoResetEvent _wake = new AutoResetEvent(false);
        private readonly object _stepping = new object();
        private Thread _thread;

        /// <summary>Runs the agent on a thread of its own, until <see cref="Stop"/>. On a running agent, does nothing.</summary>
        public void Start()
        {
            lock (_wake)
            {
                if (_thread == null)
                {
                    Thread thread = new Thread(Run);
                    _thread = thread;
                    thread.Start();
                }
            }
        }

        /// <summary>Has the thread end after the step it is in. <see cref="Start"/> goes on where it stopped.</summary>
        public void Stop()
        {
            _thread = null;
            Wake();
        }

        /// <summary>Has the agent step at once. Safe on any thread and within a callback.</summary>
        public void Wake()
        {
            _wake.Set();
        }

        private void Run()
        {
            while (true)
            {
                long wait = 0;
                lock (_stepping)
                {
                    // A thread that was stopped may still have been in a step when the next one was started.
                    if (_thread != Thread.CurrentThread)
                    {
                        return;
                    }

                    wait = Step(Environment.TickCount64) - Environment.TickCount64;
                }

                if (wait > 0)
                {
                    _wake.WaitOne(wait < int.MaxValue ? (int)wait : int.MaxValue, false);
                }
            }
        }
    }
}
