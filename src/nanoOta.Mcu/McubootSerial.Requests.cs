// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    // The requests, as MCUboot's boot_serial reads them.
    public sealed partial class McubootSerial
    {
        private const int ListImages = 0;
        private const int Upload = 1;
        private const int EchoCommand = 0;
        private const int ResetCommand = 5;

        // Milliseconds until a request is sent again. The first part of an upload may erase the whole slot.
        private const int Patience = 1000;
        private const int ErasePatience = 30000;

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

        // Bytes of the image from the position on; the first request says what comes.
        private void SendPart(byte[] buffer, int count)
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

        private void SendEcho(string text)
        {
            int at = _smp.Begin(SmpClient.Write, SmpClient.OsGroup, EchoCommand);
            at = Cbor.Head(_smp.Body, at, Cbor.Map, 1);
            at = Cbor.Text(_smp.Body, at, "d");
            _smp.Send(Cbor.Text(_smp.Body, at, text), Patience);
        }
    }
}
