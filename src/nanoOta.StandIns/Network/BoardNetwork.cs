namespace nanoOta.StandIns
{
    /// <summary>How a board is connected: one network interface, an access point or a cable, and time servers.</summary>
    public sealed class BoardNetwork
    {
        private bool _isThere = true;
        private long _since;
        private long _askedAt = -1;
        private int _life;

        /// <summary>Whether the interface is the Wi-Fi station; otherwise it is Ethernet.</summary>
        public bool IsWifi { get; set; } = true;

        /// <summary>The interface's address, six bytes.</summary>
        public byte[] MacAddress { get; set; } = [0x30, 0xAE, 0xA4, 0xCC, 0x12, 0x34];

        /// <summary>Milliseconds from the start, or from the moment at which the network is there, to an address by DHCP.</summary>
        public int AddressMilliseconds { get; set; } = 3000;

        /// <summary>Whether time servers answer.</summary>
        public bool HasTimeServers { get; set; } = true;

        /// <summary>Milliseconds that a time server's answer takes.</summary>
        public int TimeMilliseconds { get; set; } = 400;

        /// <summary>The access point is there with the Wi-Fi that the board knows, or the cable is in.</summary>
        public bool IsThere
        {
            get => _isThere;
            set
            {
                _since = value && !_isThere ? DeviceClock.Current.Uptime : _since;
                _isThere = value;
            }
        }

        /// <summary>Whether the interface has an address.</summary>
        public bool HasAddress
        {
            get
            {
                NoteStart();
                return _isThere && DeviceClock.Current.Uptime >= _since + AddressMilliseconds;
            }
        }

        /// <summary>Whether a time server was asked and has answered since the start. The clock itself is right from the start.</summary>
        public bool HasTime
        {
            get
            {
                NoteStart();
                return _askedAt >= 0 && HasTimeServers && HasAddress
                    && DeviceClock.Current.Uptime >= Math.Max(_askedAt, _since + AddressMilliseconds) + TimeMilliseconds;
            }
        }

        /// <summary>Whether the SNTP client runs.</summary>
        internal bool AsksForTime
        {
            get
            {
                NoteStart();
                return _askedAt >= 0;
            }

            set
            {
                NoteStart();
                _askedAt = !value ? -1 : _askedAt >= 0 ? _askedAt : DeviceClock.Current.Uptime;
            }
        }

        // What a start of the device begins anew.
        private void NoteStart()
        {
            int life = DeviceClock.Current.HasSchedule ? DeviceClock.Current.Schedule.Restarts : 0;
            if (_life != life)
            {
                _life = life;
                _since = DeviceClock.Current.Uptime;
                _askedAt = -1;
            }
        }
    }
}
