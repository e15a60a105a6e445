// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO.Ports;

namespace nanoOta
{
    /// <summary>
    /// Programs an MCU whose bootloader is MCUboot by its serial recovery (SMP over UART, in the console encoding, requests of
    /// up to 300 bytes). The image goes to the slot that runs. With <see cref="UsesTrial"/> it goes to the other slot, and
    /// MCUboot itself would go back from it.
    /// </summary>
    public sealed partial class McubootSerial : IMcuProtocol
    {
        private const int Beginning = 1;
        private const int Uploading = 2;
        private const int Finishing = 3;
        private const int Checking = 4;
        private const int Confirming = 5;
        private const int Echoing = 6;
        private const int Resetting = 7;

        private const uint ImageMagic = 0x96F3B83D;

        // Milliseconds from a reset to the first request. A bootloader that takes longer is asked again.
        private const int SettleMilliseconds = 200;

        private readonly IMcuReset _reset;
        private readonly SmpClient _smp;
        private readonly byte[] _sha256 = new byte[Sha256.DigestLength];

        // What is under way, and how far.
        private int _doing;
        private int _step;
        private int _size;
        private int _position;
        private long _until;

        /// <summary>Takes the port and the reset.</summary>
        /// <param name="port">The port that the bootloader listens at, set to its speed; opened when it is first used.</param>
        /// <param name="reset">Resets the MCU, to its bootloader or to its application.</param>
        public McubootSerial(SerialPort port, IMcuReset reset)
        {
            _smp = new SmpClient(port);
            _reset = reset;
        }

        /// <summary>The number of the image, for an MCU that has several.</summary>
        public int Image;

        /// <summary>
        /// Whether the image is tried first: the bootloader takes images for any slot (MCUBOOT_SERIAL_DIRECT_IMAGE_UPLOAD) and marks them
        /// (MCUBOOT_SERIAL_IMG_GRP_IMAGE_STATE), and the application speaks SMP at the same port, lists its images, and confirms.
        /// </summary>
        public bool UsesTrial;

        /// <summary>
        /// With <see cref="UsesTrial"/>: how long the application may take from its reset until it answers, in milliseconds, the exchange of the
        /// slots among it. After that it is <see cref="ResultCode.McuSilent"/>.
        /// </summary>
        public int StartMilliseconds = 30000;

        /// <summary>Bytes of the image in one request: a multiple of what the MCU's flash is programmed in, and small enough for MCUboot's buffer of 512 bytes.</summary>
        public int ChunkLength => 256;

        /// <inheritdoc/>
        public int Position => _position;

        /// <inheritdoc/>
        public ResultCode Judge(ManifestComponent component, byte[] head, int count)
        {
            if (count < 32 || Bytes.GetUInt32(head, 0) != ImageMagic)
            {
                return ResultCode.ImageMalformed;
            }

            long end = (head[8] | (head[9] << 8)) + (long)Bytes.GetUInt32(head, 12);
            if (end > component.Size)
            {
                return ResultCode.ImageMalformed;
            }

            string version = head[20] + "." + head[21] + "." + (head[22] | (head[23] << 8));
            return version == component.Version.Core ? ResultCode.None : ResultCode.ImageVersionMismatch;
        }

        /// <inheritdoc/>
        public ResultCode Begin(int size, byte[] sha256)
        {
            Enter(Beginning);
            if (size != _size || !Bytes.Equal(sha256, 0, _sha256, 0, _sha256.Length))
            {
                // Another image: what was begun is given up.
                _step = 0;
            }

            if (_step == 0)
            {
                _size = size;
                _position = 0;
                Array.Copy(sha256, 0, _sha256, 0, _sha256.Length);
            }

            // It answers to a list in any case.
            return Restart(true) ? OrRelease(Ask(SmpClient.Read, SmpClient.ImageGroup, ListImages, Patience)) : ResultCode.Pending;
        }

        /// <inheritdoc/>
        public ResultCode Write(byte[] buffer, int count)
        {
            Enter(Uploading);
            if (_step == 0)
            {
                SendPart(buffer, count);
                _step = 1;
            }

            ResultCode code = Over(_smp.Step());
            if (code == ResultCode.None)
            {
                // It cannot want more than what it was sent so far.
                int offset = -1;
                code = McubootAnswer.Result(_smp.Response, "off", ref offset);
                code = code == ResultCode.None && (offset < 0 || offset > _position + count) ? ResultCode.McuRefused : code;
                _position = code == ResultCode.None ? offset : _position;
            }

            return OrRelease(code);
        }

        /// <inheritdoc/>
        public ResultCode Finish()
        {
            Enter(Finishing);
            if (UsesTrial && _step <= 1)
            {
                if (_step == 0)
                {
                    SendState(false);
                    _step = 1;
                }

                ResultCode code = OrRelease(Answer());
                if (code != ResultCode.None)
                {
                    return code;
                }
            }

            _reset.Reset(false);
            return ResultCode.None;
        }

        /// <inheritdoc/>
        public ResultCode Check(string version)
        {
            Enter(Checking);
            // The bootloader lists whole images alone, so that it names this one says more than a number.
            if (!UsesTrial && !Restart(true))
            {
                return ResultCode.Pending;
            }

            ResultCode code = Ask(SmpClient.Read, SmpClient.ImageGroup, ListImages, UsesTrial ? StartMilliseconds / SmpClient.MaxTries : Patience);
            if (code == ResultCode.Pending)
            {
                return code;
            }

            if (code == ResultCode.None)
            {
                code = McubootAnswer.HasVersion(_smp.Response, version, Image) ? ResultCode.None : ResultCode.McuVersionMismatch;
            }

            if (!UsesTrial)
            {
                _reset.Reset(false);
            }

            return code;
        }

        /// <inheritdoc/>
        public ResultCode Confirm()
        {
            if (!UsesTrial)
            {
                return ResultCode.None;
            }

            Enter(Confirming);
            if (_step == 0)
            {
                SendState(true);
                _step = 1;
            }

            return Answer();
        }

        /// <summary>Has the MCU say something back: for the first try of a new board. Its bootloader needs MCUBOOT_BOOT_MGMT_ECHO.</summary>
        /// <param name="text">Up to 23 ASCII characters.</param>
        /// <returns><see cref="ResultCode.Pending"/> to be called again, <see cref="ResultCode.None"/> when the text came back, or why not.</returns>
        public ResultCode Echo(string text)
        {
            Enter(Echoing);
            if (_step == 0)
            {
                SendEcho(text);
                _step = 1;
            }

            ResultCode code = Over(_smp.Step());
            CborReader reader = _smp.Response;
            bool isSame = code == ResultCode.None && reader.Read() && reader.Kind == Cbor.Map && reader.Read() && reader.Is("r") && reader.Read() && reader.Is(text);
            return code != ResultCode.None ? code : isSame ? ResultCode.None : ResultCode.McuRefused;
        }

        /// <summary>Has the MCU reset itself and start its application, by a request instead of a pin.</summary>
        /// <returns><see cref="ResultCode.Pending"/> to be called again, <see cref="ResultCode.None"/> when it does, or why not.</returns>
        public ResultCode ResetByRequest()
        {
            Enter(Resetting);
            return Ask(SmpClient.Write, SmpClient.OsGroup, ResetCommand, Patience);
        }

        // Something else that was under way is given up.
        private void Enter(int what)
        {
            _step = _doing == what ? _step : 0;
            _doing = what;
        }

        // Resets to the bootloader and lets it start: true once that is done.
        private bool Restart(bool recovery)
        {
            if (_step == 0)
            {
                _reset.Reset(recovery);
                _until = Environment.TickCount64 + SettleMilliseconds;
                _step = 1;
            }

            if (_step == 1 && Environment.TickCount64 >= _until)
            {
                _step = 2;
            }

            return _step >= 2;
        }

        private ResultCode Answer()
        {
            ResultCode code = Over(_smp.Step());
            int none = 0;
            return code == ResultCode.None ? McubootAnswer.Result(_smp.Response, null, ref none) : code;
        }

        // What ends badly leaves the MCU to its application, if it still has one, and not in its bootloader.
        private ResultCode OrRelease(ResultCode code)
        {
            if (code != ResultCode.None && code != ResultCode.Pending)
            {
                _reset.Reset(false);
            }

            return code;
        }

        private ResultCode Over(ResultCode code)
        {
            _step = code == ResultCode.Pending ? _step : 0;
            return code;
        }
    }
}
