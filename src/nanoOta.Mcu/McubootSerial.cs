// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO.Ports;
using System.Text;

namespace nanoOta
{
    /// <summary>
    /// Programs an MCU whose bootloader is MCUboot by its serial recovery (SMP over UART; docs/external-mcu.md says what its
    /// configuration must have). The image goes to the slot that runs. With <see cref="UsesTrial"/> it goes to the other slot, and
    /// MCUboot itself would go back from it.
    /// </summary>
    public sealed class McubootSerial : IMcuProtocol
    {
        private const int Beginning = 1;
        private const int Uploading = 2;
        private const int Finishing = 3;
        private const int Checking = 4;
        private const int Confirming = 5;
        private const int Echoing = 6;
        private const int Resetting = 7;

        private const int ListImages = 0;
        private const int Upload = 1;
        private const int EchoCommand = 0;
        private const int ResetCommand = 5;
        private const uint ImageMagic = 0x96F3B83D;

        // Milliseconds. The first part of an upload may erase the whole slot.
        private const int Patience = 1000;
        private const int ErasePatience = 30000;
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

        /// <summary>How long the application takes from its reset until it answers, in milliseconds; with <see cref="UsesTrial"/> the exchange of the slots among it.</summary>
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
            if (_step == 0)
            {
                _size = size;
                _position = 0;
                Array.Copy(sha256, 0, _sha256, 0, _sha256.Length);
            }

            // It answers to a list in any case.
            return Restart(true) ? Ask(SmpClient.Read, SmpClient.ImageGroup, ListImages, Patience) : ResultCode.Pending;
        }

        /// <inheritdoc/>
        public ResultCode Write(byte[] buffer, int count)
        {
            Enter(Uploading);
            if (_step == 0)
            {
                int at = _smp.Begin(SmpClient.Write, SmpClient.ImageGroup, Upload);
                byte[] body = _smp.Body;
                bool isFirst = _position == 0;
                at = Cbor.Head(body, at, Cbor.Map, isFirst ? 5 : 2);
                if (isFirst)
                {
                    at = Cbor.Text(body, at, "image");
                    at = Cbor.Head(body, at, Cbor.Unsigned, UsesTrial ? Image * 2 + 2 : Image);
                    at = Cbor.Text(body, at, "len");
                    at = Cbor.Head(body, at, Cbor.Unsigned, _size);
                    at = Cbor.Text(body, at, "sha");
                    at = Cbor.Bytes(body, at, _sha256, _sha256.Length);
                }

                at = Cbor.Text(body, at, "off");
                at = Cbor.Head(body, at, Cbor.Unsigned, _position);
                at = Cbor.Text(body, at, "data");
                at = Cbor.Bytes(body, at, buffer, count);
                _smp.Send(at, isFirst ? ErasePatience : Patience);
                _step = 1;
            }

            ResultCode code = _smp.Step();
            if (code == ResultCode.Pending)
            {
                return code;
            }

            _step = 0;
            if (code == ResultCode.None)
            {
                int offset = -1;
                code = Result("off", ref offset);
                if (code == ResultCode.None && (offset < 0 || offset > _size))
                {
                    code = ResultCode.McuRefused;
                }

                _position = code == ResultCode.None ? offset : _position;
            }

            return code;
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

                ResultCode code = Answer();
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

            ResultCode code = Ask(SmpClient.Read, SmpClient.ImageGroup, ListImages, UsesTrial ? StartMilliseconds / 5 : Patience);
            if (code == ResultCode.Pending)
            {
                return code;
            }

            if (code == ResultCode.None)
            {
                code = HasVersion(version) ? ResultCode.None : ResultCode.McuVersionMismatch;
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
                int at = _smp.Begin(SmpClient.Write, SmpClient.OsGroup, EchoCommand);
                at = Cbor.Head(_smp.Body, at, Cbor.Map, 1);
                at = Cbor.Text(_smp.Body, at, "d");
                _smp.Send(Cbor.Text(_smp.Body, at, text), Patience);
                _step = 1;
            }

            ResultCode code = _smp.Step();
            if (code == ResultCode.Pending)
            {
                return code;
            }

            _step = 0;
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

        // A request with an empty map.
        private ResultCode Ask(int operation, int group, int command, int patience)
        {
            if (_step != 3)
            {
                int at = _smp.Begin(operation, group, command);
                _smp.Send(Cbor.Head(_smp.Body, at, Cbor.Map, 0), patience);
                _step = 3;
            }

            return Over(_smp.Step());
        }

        private void SendState(bool confirm)
        {
            int at = _smp.Begin(SmpClient.Write, SmpClient.ImageGroup, ListImages);
            byte[] body = _smp.Body;
            at = Cbor.Head(body, at, Cbor.Map, 1);
            at = Cbor.Text(body, at, "confirm");
            body[at++] = confirm ? Cbor.True : Cbor.False;
            _smp.Send(at, Patience);
        }

        private ResultCode Answer()
        {
            ResultCode code = Over(_smp.Step());
            int none = 0;
            return code == ResultCode.None ? Result(null, ref none) : code;
        }

        private ResultCode Over(ResultCode code)
        {
            _step = code == ResultCode.Pending ? _step : 0;
            return code;
        }

        // What the response says of the request, and a number in it.
        private ResultCode Result(string name, ref int number)
        {
            CborReader reader = _smp.Response;
            int result = 0;
            int left = reader.Read() && reader.Kind == Cbor.Map ? reader.Value : 0;
            bool isMap = !reader.HasFailed && reader.Kind == Cbor.Map;
            while (reader.HasMore(ref left))
            {
                reader.Read();
                if (reader.Is("rc"))
                {
                    // Negative numbers are refusals, too.
                    reader.Read();
                    result = reader.Kind == Cbor.Unsigned ? reader.Value : -1;
                }
                else if (reader.Is("err"))
                {
                    result = -1;
                    reader.Skip();
                }
                else if (name != null && reader.Is(name))
                {
                    number = reader.ReadNumber();
                }
                else
                {
                    reader.Skip();
                }
            }

            return isMap && !reader.HasFailed && result == 0 ? ResultCode.None : ResultCode.McuRefused;
        }

        // Whether the list names this version in the slot that runs.
        private bool HasVersion(string version)
        {
            CborReader reader = _smp.Response;
            bool found = false;
            int left = reader.Read() && reader.Kind == Cbor.Map ? reader.Value : 0;
            while (reader.HasMore(ref left))
            {
                reader.Read();
                if (!reader.Is("images"))
                {
                    reader.Skip();
                    continue;
                }

                int images = reader.Read() && reader.Kind == Cbor.Array ? reader.Value : 0;
                while (reader.HasMore(ref images))
                {
                    found |= IsVersion(reader, version);
                }
            }

            return found && !reader.HasFailed;
        }

        private bool IsVersion(CborReader reader, string version)
        {
            int image = 0;
            int slot = -1;
            bool isSame = false;
            int left = reader.Read() && reader.Kind == Cbor.Map ? reader.Value : 0;
            while (reader.HasMore(ref left))
            {
                reader.Read();
                if (reader.Is("image"))
                {
                    image = reader.ReadNumber();
                }
                else if (reader.Is("slot"))
                {
                    slot = reader.ReadNumber();
                }
                else if (reader.Is("version"))
                {
                    // Its build number, a fourth one, is no part of the version.
                    reader.Read();
                    string text = reader.Kind == Cbor.TextString && !reader.HasFailed ? Encoding.UTF8.GetString(_smp.ResponseBytes, reader.Start, reader.Value) : string.Empty;
                    isSame = text == version || text.StartsWith(version + ".");
                }
                else
                {
                    reader.Skip();
                }
            }

            return isSame && slot == 0 && image == Image;
        }
    }
}
