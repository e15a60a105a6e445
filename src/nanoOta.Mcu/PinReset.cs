// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Device.Gpio;
using System.Threading;

namespace nanoOta
{
    /// <summary>
    /// Resets an MCU by its reset pin, and keeps it in its bootloader by a second pin that the bootloader looks at. Keep the
    /// <see cref="GpioController"/>: disposing any controller closes the pins of all.
    /// </summary>
    public sealed class PinReset : IMcuReset
    {
        private readonly GpioPin _reset;
        private readonly GpioPin _recovery;
        private readonly bool _resetIsHigh;
        private readonly bool _recoveryIsHigh;

        /// <summary>Takes two pins that are active low.</summary>
        /// <inheritdoc cref="PinReset(GpioController, int, int, bool, bool)"/>
        public PinReset(GpioController gpio, int reset, int recovery)
            : this(gpio, reset, recovery, false, false)
        {
        }

        /// <summary>
        /// Takes the pins and releases both. A pin is low for a moment when it becomes an output: where reset is active low, the MCU restarts
        /// its application then.
        /// </summary>
        /// <param name="gpio">The device's pins.</param>
        /// <param name="reset">The number of the pin that leads to the MCU's reset.</param>
        /// <param name="recovery">The number of the pin that the bootloader looks at (Zephyr: the alias mcuboot-button0).</param>
        /// <param name="resetIsHigh">Whether high resets the MCU, as through a transistor, and low lets it run. False: the other way round.</param>
        /// <param name="recoveryIsHigh">Whether high keeps the MCU in its bootloader. False: low does.</param>
        public PinReset(GpioController gpio, int reset, int recovery, bool resetIsHigh, bool recoveryIsHigh)
        {
            _resetIsHigh = resetIsHigh;
            _recoveryIsHigh = recoveryIsHigh;

            // The recovery pin first: what this resets is to start its application.
            _recovery = gpio.OpenPin(recovery, PinMode.Output);
            Write(_recovery, !recoveryIsHigh);
            _reset = gpio.OpenPin(reset, PinMode.Output);
            Write(_reset, !resetIsHigh);
        }

        /// <summary>How long the reset is held, in milliseconds; it holds up the agent's thread alone.</summary>
        public int ResetMilliseconds = 10;

        /// <inheritdoc/>
        public void Reset(bool recovery)
        {
            Write(_recovery, recovery == _recoveryIsHigh);
            Write(_reset, _resetIsHigh);
            Thread.Sleep(ResetMilliseconds);
            Write(_reset, !_resetIsHigh);
        }

        private static void Write(GpioPin pin, bool isHigh)
        {
            pin.Write(isHigh ? PinValue.High : PinValue.Low);
        }
    }
}
