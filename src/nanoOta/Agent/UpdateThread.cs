// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Threading;

namespace nanoOta
{
    /// <summary>Runs an agent on a device: one thread that steps it whenever it is due, or when a channel has heard something.</summary>
    public sealed class UpdateThread
    {
        private readonly UpdateAgent _agent;
        private readonly AutoResetEvent _wake = new AutoResetEvent(false);
        private bool _stop;

        /// <summary>Makes the thread; it does not run yet.</summary>
        /// <param name="agent">The agent.</param>
        public UpdateThread(UpdateAgent agent)
        {
            _agent = agent;
        }

        /// <summary>Starts the thread. It runs until <see cref="Stop"/>.</summary>
        public void Start()
        {
            new Thread(Run).Start();
        }

        /// <summary>Lets the thread end after the step it is in.</summary>
        public void Stop()
        {
            _stop = true;
            Wake();
        }

        /// <summary>Has the agent step at once. Safe from any thread and from within a callback.</summary>
        public void Wake()
        {
            _wake.Set();
        }

        private void Run()
        {
            while (!_stop)
            {
                long wait = _agent.Step(Environment.TickCount64) - Environment.TickCount64;
                if (wait > 0)
                {
                    _wake.WaitOne(wait < int.MaxValue ? (int)wait : int.MaxValue, false);
                }
            }
        }
    }
}
