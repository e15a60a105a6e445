using nanoOta.Tests.Download;

namespace nanoOta.Tests.Agent
{
    /// <summary>Where the files of one life come from, as the events of that life let them.</summary>
    internal sealed class LifeSource(Life life) : IImageSource
    {
        private const int LongestRead = 15_000;

        private byte[]? _file;
        private int _at;

        public int Length { get; private set; }

        public int Offset { get; private set; }

        public uint Tag => 0;

        public int RetryAfter { get; private set; }

        /// <summary>Whether a server did without ranges, or a file is fetched from its start after wrong bytes: a whole fetch may take its time.</summary>
        public bool MakesWhole { get; set; }

        public ResultCode Open(string url, int offset, int count)
        {
            using Operation operation = life.Begin();
            RetryAfter = 0;
            life.Sessions.Open(this);
            life.Pass(400);
            ResultCode code = ResultCode.None;
            if (life.Has(LifeEvent.OpensTime) is { } late)
            {
                life.Pass(late * 15);
                code = late > 700 ? ResultCode.TimedOut : code;
            }

            if (life.Has(LifeEvent.OpensFail) is { } failing)
            {
                RetryAfter = failing > 900 ? failing : 0;
                code = failing > 900 ? ResultCode.ServerBusy : ResultCode.Unreachable;
            }

            if (code != ResultCode.None)
            {
                life.Sessions.Close(this);
                return code;
            }

            _file = life.FileOf(url);
            bool noRanges = life.Has(LifeEvent.NoRanges) != null;
            MakesWhole |= offset > 0 ? noRanges : life.HasSentWrong;
            Offset = _at = noRanges ? 0 : offset;
            Length = _file.Length;
            return ResultCode.None;
        }

        public ResultCode Read(byte[] buffer, int offset, int count, out int read)
        {
            using Operation operation = life.Begin();
            read = 0;
            if (life.Has(LifeEvent.ReadsStall) is { } stalled && stalled % 3 == 0)
            {
                life.Pass(LongestRead);
                return ResultCode.TimedOut;
            }

            if (life.Has(LifeEvent.ReadsFail) is { } failing && life.Uptime % 1000 < failing)
            {
                life.Pass(10);
                return ResultCode.ConnectionLost;
            }

            int rate = life.Has(LifeEvent.ReadsSlow) is { } slow ? 20 + slow : life.Plan.BytesPerSecond;
            int most = life.Has(LifeEvent.ReadsShort) is { } few ? 1 + (few % 300) : 4096;
            read = Math.Min(Math.Min(count, most), _file!.Length - _at);
            read = Math.Min(read, Math.Max(1, rate * (LongestRead / 1000) / 2));
            _file.AsSpan(_at, read).CopyTo(buffer.AsSpan(offset));
            if (life.Has(LifeEvent.WrongBytes) != null && read > 0)
            {
                buffer[offset] ^= 1;
                life.HasSentWrong = true;
            }

            _at += read;
            life.Pass(1 + (read * 1000L / rate));
            return ResultCode.None;
        }

        public void Close()
        {
            _file = null;
            life.Sessions.Close(this);
        }
    }

    /// <summary>A call that takes its time, and during which nobody can step the channel.</summary>
    internal sealed class Operation(Action<long> onEnd, long begin) : IDisposable
    {
        public void Dispose() => onEnd(begin);
    }
}
