// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Threading;
using nanoFramework.Runtime.Native;

namespace nanoOta
{
    // The loader: starts the application that was chosen, and ends its trial when nobody else does. What hangs below the CLR it
    // cannot catch: no managed thread runs then.
    public sealed partial class AppFolders
    {
        /// <summary>
        /// The application's own test of itself. Main of the application sets it: a version that does not is not confirmed.
        /// </summary>
        public static SelfTestHandler ApplicationTest;

        /// <summary>Asks the application whether the device may reboot now, as <see cref="UpdateAgentOptions.MayReboot"/> does; null: always.</summary>
        public static QuestionHandler ApplicationMayReboot;

        /// <summary>The loader's agent, for the application: events, and the status. The loader sets it before <see cref="Start"/>.</summary>
        public static UpdateAgent Agent;

        /// <summary>
        /// Loads the application and calls its Main on a thread of its own. One that cannot be loaded gives way to the one before,
        /// by a reboot; without one before, the loader stays alone, and can be updated.
        /// </summary>
        /// <returns>Whether an application runs.</returns>
        public bool Start()
        {
            if (_running < 0)
            {
                return false;
            }

            bool runs;
            try
            {
                runs = new AppImage(PathOf(_running), _record.Size(_running), _runtime).Load() && _runtime.Start();
            }
            catch (Exception)
            {
                // The CLR found an assembly damaged, or a reference that is not there, or no room in the heap as it is now.
                runs = false;
            }

            if (!runs)
            {
                GiveUp();
            }

            return runs;
        }

        /// <summary>
        /// Makes an agent's options: version and target of what runs, these folders as the module, the journal beside their record, SHA-256 and
        /// RS256 in managed code, the application's test, and its say on reboots. Add to them what the loader wants, before the agent is made.
        /// </summary>
        /// <param name="deviceId">What tells this device from others.</param>
        /// <returns>The options.</returns>
        public UpdateAgentOptions CreateOptions(string deviceId)
        {
            UpdateAgentOptions options = new UpdateAgentOptions();
            options.ApplicationVersion = VersionOf(Component);
            options.Target = SystemInfo.TargetName;
            options.DeviceId = deviceId;
            options.Journal = new FileRecordStore(_root + "journal");
            options.Hasher = new ManagedHasher();
            options.RsaVerifier = new ManagedRsaVerifier();
            options.Modules = new UpdateModule[] { this };
            options.SelfTest = SelfTest;
            options.MayReboot = MayReboot;
            return options;
        }

        /// <summary>The test of a version on trial: for <see cref="UpdateAgentOptions.SelfTest"/>.</summary>
        /// <param name="report">Takes the reason for a failure.</param>
        /// <returns>What <see cref="ApplicationTest"/> says; failed once the application's Main has thrown.</returns>
        public SelfTestResult SelfTest(SelfTestReport report)
        {
            return _runtime.Fault != null ? SelfTestResult.Failed
                : ApplicationTest == null ? SelfTestResult.Running : ApplicationTest(report);
        }

        private static bool MayReboot()
        {
            return ApplicationMayReboot == null || ApplicationMayReboot();
        }

        /// <summary>
        /// Waits, and rolls a trial back that nobody has ended by then, by a reboot; also reboots when no application runs because the record
        /// could not be read. For the thread of the loader's own Main, after <see cref="Start"/>: the agent's may hang in the application's test.
        /// </summary>
        /// <param name="seconds">How long, from now on: more than <see cref="UpdateAgentOptions.TrialSeconds"/>.</param>
        public void Watch(int seconds)
        {
            Thread.Sleep(seconds * 1000);
            if (IsOnTrial || (_running < 0 && _record.IsUnreadable))
            {
                // If that cannot be written, the count of boots will end it.
                Revert(ResultCode.TrialHung);
                Power.RebootDevice();
            }
        }

        // What this boot was to run does not start.
        private void GiveUp()
        {
            byte[] record = _record.Record;
            bool other = record[AppRecord.Fallback] != 0;
            if (IsOnTrial)
            {
                other = Revert(ResultCode.NotStarted) == ResultCode.None;
            }
            else if (other)
            {
                record[AppRecord.Active] = (byte)(1 - _running);
                record[AppRecord.Fallback] = 0;
                other = _record.Save() == ResultCode.None;
            }

            _running = -1;
            if (other)
            {
                Power.RebootDevice();
            }
        }
    }
}
