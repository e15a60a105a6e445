// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Device.Gpio;
using System.Threading;

namespace nanoOta
{
    /// <summary>Resets an MCU by its reset pin, and keeps it in its bootloader by a second pin that the bootloader looks at. Both are active low.</summary>
    public sealed class PinReset : IMcuReset
    {
        private const int ResetMilliseconds = 10;

        private readonly GpioPin _reset;
        private readonly GpioPin _recovery;

        /// <summary>Takes the pins and releases both.</summary>
        /// <param name="gpio">The device's pins.</param>
        /// <param name="reset">The number of the pin that leads to the MCU's reset.</param>
        /// <param name="recovery">The number of the pin that the bootloader looks at (Zephyr: the alias mcuboot-button0).</param>
        public PinReset(GpioController gpio, int reset, int recovery)
        {
            _reset = gpio.OpenPin(reset, PinMode.Output);
            _recovery = gpio.OpenPin(recovery, PinMode.Output);
            _recovery.Write(PinValue.High);
            _reset.Write(PinValue.High);
        }

        /// <inheritdoc/>
        public void Reset(bool recovery)
        {
            _recovery.Write(recovery ? PinValue.Low : PinValue.High);
            _reset.Write(PinValue.Low);
            Thread.Sleep(ResetMilliseconds);
            _reset.Write(PinValue.High);
        }
    }
}
