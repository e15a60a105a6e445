// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Threading;
using nanoFramework.Runtime.Native;

namespace nanoOta
{
    /// <summary>
    /// Starts the application that <see cref="AppFolders"/> has chosen, and ends its trial when nobody else does. It cannot catch
    /// what hangs below the CLR: no managed thread runs then.
    /// </summary>
    public sealed class AppLoader
    {
        // The loader strikes this much after the agent would have given up the trial by itself.
        private const int Margin = 60;

        // So long an application without a test of its own has to run.
        private const int RunMilliseconds = 30000;

        private readonly AppFolders _folders;
        private readonly IAppRuntime _runtime;
        private readonly UpdateAgentOptions _options;
        private long _startedAt;

        /// <summary>Makes the loader; nothing is loaded before <see cref="Start"/>.</summary>
        /// <param name="folders">Knows what is to run.</param>
        /// <param name="runtime">The CLR.</param>
        /// <param name="options">The agent's options: how long a trial may take.</param>
        public AppLoader(AppFolders folders, IAppRuntime runtime, UpdateAgentOptions options)
        {
            _folders = folders;
            _runtime = runtime;
            _options = options;
        }

        /// <summary>When a trial's time is up, in milliseconds after the boot, if the agent has not ended it by then.</summary>
        public int DeadlineMilliseconds => (_options.TrialSeconds + Margin) * 1000;

        /// <summary>Watches over a trial on a thread of its own. Call it before <see cref="Start"/>.</summary>
        public void Watch()
        {
            if (_folders.IsOnTrial)
            {
                new Thread(Wait).Start();
            }
        }

        /// <summary>
        /// Loads the application and calls its Main on a thread of its own. One that cannot be loaded is rolled back, when there is
        /// something to go back to, by a reboot; otherwise the loader stays alone, and can be updated.
        /// </summary>
        /// <returns>Whether an application runs.</returns>
        public bool Start()
        {
            if (_folders.Version == "0.0.0")
            {
                return false;
            }

            _startedAt = Environment.TickCount64;
            bool runs = _folders.Load() && _runtime.Start();
            if (!runs && _folders.GiveUp())
            {
                Power.RebootDevice();
            }

            return runs;
        }

        /// <summary>The test of a version on trial: for <see cref="UpdateAgentOptions.SelfTest"/>.</summary>
        /// <returns>What <see cref="AppHost.SelfTest"/> says; failed once the application's Main has thrown.</returns>
        public SelfTestResult SelfTest()
        {
            if (_runtime.Fault != null)
            {
                return SelfTestResult.Failed;
            }

            return AppHost.SelfTest != null ? AppHost.SelfTest()
                : Environment.TickCount64 - _startedAt < RunMilliseconds ? SelfTestResult.Running : SelfTestResult.Passed;
        }

        /// <summary>Rolls a trial back that nobody has ended, and reboots. Without a trial, does nothing.</summary>
        public void Expire()
        {
            if (_folders.IsOnTrial)
            {
                // If that cannot be written, the count of boots will end it.
                _folders.Revert(ResultCode.TrialHung);
                Power.RebootDevice();
            }
        }

        private void Wait()
        {
            Thread.Sleep(DeadlineMilliseconds);
            Expire();
        }
    }
}
