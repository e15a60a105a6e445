// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// Plain update requests and Azure Device Update on one device. What has been begun is finished first; when both have something to
    /// begin, Device Update wins, and the plain update request waits until that is concluded. A request that comes during a plain update is
    /// rejected as <see cref="ResultCode.Busy"/> and looked at again whenever the twin is fetched.
    /// </summary>
    public sealed class CombinedChannel : IUpdateChannel
    {
        private readonly IUpdateChannel _plain;
        private readonly DeviceUpdateChannel _deviceUpdate;
        private UpdateState _state;
        private bool _isPlain;
        private UpdateOffer _offer;

        /// <summary>Makes one channel of two.</summary>
        /// <param name="plain">Plain update requests, for example a <c>TwinChannel</c> on the same connection; to be made first.</param>
        /// <param name="deviceUpdate">Azure Device Update.</param>
        public CombinedChannel(IUpdateChannel plain, DeviceUpdateChannel deviceUpdate)
        {
            _plain = plain;
            _deviceUpdate = deviceUpdate;
        }

        /// <inheritdoc/>
        public UpdateOffer Offer => _offer;

        /// <inheritdoc/>
        public int Answers => _plain.Answers < _deviceUpdate.Answers ? _plain.Answers : _deviceUpdate.Answers;

        /// <inheritdoc/>
        public bool IsReported => _plain.IsReported && _deviceUpdate.IsReported;

        /// <summary>Whether the offer is Device Update's.</summary>
        public bool IsDeviceUpdate => _offer != null && _offer == _deviceUpdate.Offer;

        /// <inheritdoc/>
        public long Step(long now)
        {
            bool isBusy = _isPlain && _state != UpdateState.Idle;
            _deviceUpdate.IsHeld = isBusy;
            long due = _plain.Step(now);
            long other = _deviceUpdate.Step(now);
            _isPlain = isBusy || !_deviceUpdate.IsOccupied;
            _offer = _isPlain ? _plain.Offer : _deviceUpdate.Offer;
            return other < due ? other : due;
        }

        /// <inheritdoc/>
        public void Report(UpdateStatus status)
        {
            _state = status.State;
            _plain.Report(status);
            _deviceUpdate.Report(status);
        }

        /// <inheritdoc/>
        public void CheckNow()
        {
            _plain.CheckNow();
            _deviceUpdate.CheckNow();
        }

        /// <inheritdoc/>
        public void Pause()
        {
            _plain.Pause();
            _deviceUpdate.Pause();
        }
    }
}
