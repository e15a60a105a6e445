// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Device.Gpio;
using System.Device.Spi;
using System.IO.Ports;
using nanoFramework.Hardware.Esp32;

namespace nanoOta.Samples
{
    /// <summary>How the flash chip and the MCU are wired to this ESP32: the table in README.md.</summary>
    internal static class Board
    {
        private const int ChipSelect = 5;
        private const int Transmit = 17;
        private const int Receive = 16;
        private const int Reset = 26;
        private const int Recovery = 27;

        // Bytes. The length is that of the image that the factory wrote to the chip.
        private const int LongestImage = 262144;
        private const int FactoryImage = 81920;

        /// <summary>The module of the motor controller; null when the flash chip does not answer. The device itself can be updated without it.</summary>
        internal static McuModule Motor()
        {
            SpiNorFlash flash = new SpiNorFlash(new SpiDevice(new SpiConnectionSettings(1, ChipSelect) { ClockFrequency = 10000000 }));
            ResultCode code = flash.Open();
            if (code != ResultCode.None)
            {
                Console.WriteLine("update: the flash chip on SPI bus 1, chip select GPIO " + ChipSelect.ToString() + ", does not answer. Check MISO, CLK, CS and its supply.");
                return null;
            }

            // Before the port is opened.
            Configuration.SetPinFunction(Transmit, DeviceFunction.COM2_TX);
            Configuration.SetPinFunction(Receive, DeviceFunction.COM2_RX);
            McubootSerial mcu = new McubootSerial(new SerialPort("COM2", 115200), new PinReset(new GpioController(), Reset, Recovery));
            McuModule motor = new McuModule("motor", flash, 0, LongestImage, mcu, "1.0.0");
            if (!motor.Adopt(FactoryImage))
            {
                Console.WriteLine("update: the flash chip cannot be written, so a failed update of the motor controller could not be taken back.");
            }

            return motor;
        }
    }
}
