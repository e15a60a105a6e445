// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO.Ports;

namespace nanoOta
{
    /// <summary>
    /// Sends one SMP request at a time and waits for its response, without blocking: <see cref="Step"/> is called until it is over. Requests
    /// are repeated; a response counts when its sequence number, group and command are the request's, so what comes late or twice is
    /// passed over.
    /// </summary>
    internal sealed class SmpClient
    {
        internal const int Read = 0;
        internal const int Write = 2;
        internal const int OsGroup = 0;
        internal const int ImageGroup = 1;

        /// <summary>How often a request is sent before the MCU counts as silent.</summary>
        internal const int MaxTries = 8;

        private const int HeaderLength = 8;
        private const int BodyStart = 2 + HeaderLength;

        // So many reads of 64 bytes a step: an MCU that never stops sending must hold up neither the agent nor the time limit.
        private const int MaxReads = 16;

        // Milliseconds that the port may take: a read asks for what is there, and the longest request takes 0.6 s at 9600 baud.
        private const int PortMilliseconds = 5000;

        private readonly SerialPort _port;
        private readonly SmpFrames _frames = new SmpFrames();
        private readonly byte[] _input = new byte[64];
        private byte _sequence;
        private int _length;
        private int _tries;
        private int _patience;
        private long _deadline;

        internal SmpClient(SerialPort port)
        {
            _port = port;
        }

        /// <summary>The body of the response.</summary>
        internal readonly CborReader Response = new CborReader();

        /// <summary>Where the response's bytes lie.</summary>
        internal byte[] ResponseBytes => _frames.Received;

        /// <summary>Where the request's body is to be written, from <see cref="Begin"/>'s index on.</summary>
        internal byte[] Body => _frames.Packet;

        /// <summary>Begins a request.</summary>
        /// <returns>Where its body begins in <see cref="Body"/>.</returns>
        internal int Begin(int operation, int group, int command)
        {
            byte[] packet = _frames.Packet;
            packet[2] = (byte)operation;
            packet[3] = 0;
            packet[6] = (byte)(group >> 8);
            packet[7] = (byte)group;
            packet[8] = ++_sequence;
            packet[9] = (byte)command;
            return BodyStart;
        }

        /// <summary>Sends the request.</summary>
        /// <param name="end">Where its body ends.</param>
        /// <param name="patience">After so many milliseconds without a response it is sent again; after <see cref="MaxTries"/> times as many the MCU is silent.</param>
        internal void Send(int end, int patience)
        {
            byte[] packet = _frames.Packet;
            int body = end - BodyStart;
            packet[4] = (byte)(body >> 8);
            packet[5] = (byte)body;
            _length = _frames.Encode(HeaderLength + body);
            _patience = patience;
            _tries = 0;
            _deadline = long.MinValue;
            Response.Begin(packet, 0, 0);
            _frames.Forget();
        }

        /// <summary>Does what can be done now.</summary>
        /// <returns>
        /// <see cref="ResultCode.Pending"/>; <see cref="ResultCode.None"/>: <see cref="Response"/> is at the body's beginning; or
        /// <see cref="ResultCode.McuSilent"/>.
        /// </returns>
        internal ResultCode Step()
        {
            try
            {
                return Exchange();
            }
            catch (Exception)
            {
                // A port that throws is one that nothing answers on.
                return ResultCode.McuSilent;
            }
        }

        private ResultCode Exchange()
        {
            if (!_port.IsOpen)
            {
                // Above the longest response: what does not fit is lost without a word.
                _port.ReadBufferSize = 1024;
                _port.ReadTimeout = PortMilliseconds;
                _port.WriteTimeout = PortMilliseconds;
                _port.Open();
            }

            for (int reads = 0; reads < MaxReads; reads++)
            {
                int count = _port.BytesToRead;
                if (count == 0)
                {
                    break;
                }

                // A read waits for all that it is asked for.
                count = _port.Read(_input, 0, count < _input.Length ? count : _input.Length);
                for (int i = 0; i < count; i++)
                {
                    if (_frames.Take(_input[i]) && IsAnswer())
                    {
                        Response.Begin(_frames.Received, BodyStart, _frames.ReceivedLength - HeaderLength);
                        return ResultCode.None;
                    }
                }
            }

            long now = Environment.TickCount64;
            if (now >= _deadline)
            {
                if (_tries == MaxTries)
                {
                    return ResultCode.McuSilent;
                }

                _tries++;
                _deadline = now + _patience;
                _port.Write(_frames.Lines, 0, _length);
            }

            return ResultCode.Pending;
        }

        private bool IsAnswer()
        {
            byte[] sent = _frames.Packet;
            byte[] came = _frames.Received;
            return _tries > 0 && _frames.ReceivedLength >= HeaderLength && (came[2] & 7) == sent[2] + 1
                && ((came[4] << 8) | came[5]) == _frames.ReceivedLength - HeaderLength
                && Bytes.Equal(came, 6, sent, 6, 4);
        }
    }
}
