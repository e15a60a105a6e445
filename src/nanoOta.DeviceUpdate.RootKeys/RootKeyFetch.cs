// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Fetches the root-key package that a request names, and has it verified, in small steps.</summary>
    internal sealed class RootKeyFetch
    {
        private const int Tries = 6;

        private const int BusyMilliseconds = 1000;

        // The longest package at 68 bytes a second. Each read alone may take the source's time-out: a server that sends byte after byte would keep
        // the hub away for hours.
        private const int PackageMilliseconds = 120000;

        private readonly RootKeyPackages _roots;
        private readonly IImageSource _source;
        private readonly Backoff _retries = new Backoff(5000, 60000, 1);
        private NetworkSession _session;
        private HubConnection _hub;
        private string _url;
        private byte[] _buffer;
        private int _length;
        private bool _isVerifying;
        private long _due;
        private long _packageBy;

        internal RootKeyFetch(RootKeyPackages roots, IImageSource source)
        {
            _roots = roots;
            _source = source;
        }

        internal void Begin(string url, NetworkSession session, HubConnection hub)
        {
            _session = session;
            _hub = hub;
            Close();
            _url = url;
            _isVerifying = false;
            _due = 0;
            _retries.Succeeded();
        }

        /// <summary>Does one step.</summary>
        /// <returns>Pending: call again at a time. None: the package named is in force. Else: it is not to be had, or not genuine.</returns>
        internal ResultCode Step(long now, out long next)
        {
            next = now;
            if (now < _due)
            {
                next = _due;
                return ResultCode.Pending;
            }

            if (_isVerifying)
            {
                return _roots.Verify();
            }

            if (!TakeSession())
            {
                next = now + BusyMilliseconds;
                return ResultCode.Pending;
            }

            ResultCode code = _buffer == null ? Open(now) : now >= _packageBy ? ResultCode.TooSlow : Read();
            if (code == ResultCode.Pending)
            {
                return code;
            }

            if (code == ResultCode.None)
            {
                code = _roots.Begin(_buffer, _length);
                _isVerifying = true;
                Close();
                return code;
            }

            Close();
            if (RetryRule.IsOfNetwork(code) && _retries.Failures + 1 < Tries)
            {
                _due = now + _retries.Failed(_source.RetryAfter);
                next = _due;
                return ResultCode.Pending;
            }

            return code;
        }

        /// <summary>Gives up the connection; the next step begins anew.</summary>
        internal void Close()
        {
            if (_buffer != null)
            {
                _buffer = null;
                _source.Close();
            }

            if (_session != null)
            {
                _session.Release(this);
            }
        }

        // In the hub's stead, where there is one session only.
        private bool TakeSession()
        {
            if (!_session.AllowsTwo && _session.Holder == _hub)
            {
                _hub.Close();
            }

            return _session.Take(this, long.MaxValue);
        }

        private ResultCode Open(long now)
        {
            if (!Url.IsAbsolute(_url))
            {
                return ResultCode.UrlMalformed;
            }

            ResultCode code = _source.Open(_url, 0, 0);
            if (code == ResultCode.None)
            {
                _buffer = new byte[RootKeyPackages.MaxLength];
                _packageBy = now + PackageMilliseconds;
                _length = 0;
                code = ResultCode.Pending;
            }

            return code;
        }

        private ResultCode Read()
        {
            if (_length == _buffer.Length)
            {
                return ResultCode.KeyListMalformed;
            }

            ResultCode code = _source.Read(_buffer, _length, _buffer.Length - _length, out int read);
            _length += read;
            return code == ResultCode.None && read > 0 ? ResultCode.Pending : code;
        }
    }
}
