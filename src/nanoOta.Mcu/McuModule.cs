// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// The firmware of an external MCU. The image streams to a block device, which holds two: the one that runs, and the next. Activation
    /// programs the MCU, restarts it and checks what it has then; reversal does the same with the former image. Without a protocol nothing is programmed: the
    /// images are kept on the block device, as <see cref="BlockModule"/> does.
    /// </summary>
    public sealed class McuModule : BlockModule
    {
        // Steps of programming.
        private const int Beginning = 0;
        private const int Writing = 1;
        private const int Finishing = 2;
        private const int Checking = 3;
        private const int Confirming = 4;

        // A setback: less than half of what was sent brought the image forward. An MCU that resets has one, and is given the image again; one
        // that always begins again, or asks for byte after byte, would otherwise be programmed for ever.
        private const int MaxSetbacks = 8;

        // What an image is judged by.
        private const int HeadLength = 4096;

        private readonly IMcuProtocol _mcu;
        private readonly byte[] _chunk;
        private int _step;
        private int _loaded;
        private int _setbacks;

        // Whether the MCU may have anything else than the active place's image, and whether it might have before it was programmed.
        private bool _isTouched;
        private bool _wasTouched;
        private bool _isRead;

        /// <summary>Makes the module.</summary>
        /// <param name="id">The component's id.</param>
        /// <param name="device">The block device, opened.</param>
        /// <param name="offset">Where on it this module may begin, a multiple of the sector's length.</param>
        /// <param name="placeLength">The longest image, a multiple of the sector's length. All takes two of these and <see cref="BlockModule.RecordSectors"/>.</param>
        /// <param name="mcu">How the MCU is programmed; null: it is not.</param>
        /// <param name="factoryVersion">The version that the MCU has from the factory; null when it is not known.</param>
        public McuModule(string id, IBlockDevice device, int offset, int placeLength, IMcuProtocol mcu, string factoryVersion)
            : base(id, device, offset, placeLength, factoryVersion)
        {
            _mcu = mcu;
            _chunk = mcu == null ? null : new byte[mcu.ChunkLength];
            GetStatus(new ModuleStatus());
        }

        /// <inheritdoc/>
        public override void GetStatus(ModuleStatus status)
        {
            base.GetStatus(status);
            if (!_isRead && status.Trial != TrialPhase.Unknown)
            {
                _isRead = true;
                _isTouched = status.Trial == TrialPhase.Running || status.Trial == TrialPhase.Activating;
            }
        }

        /// <inheritdoc/>
        protected override ResultCode Judge(ManifestComponent component, byte[] head, int count)
        {
            return _mcu == null ? ResultCode.None : _mcu.Judge(component, head, count);
        }

        /// <inheritdoc/>
        protected override ResultCode Install(int place, bool begins)
        {
            return Work(place, begins, Beginning, Finishing);
        }

        /// <inheritdoc/>
        protected override ResultCode Test(int place, bool begins)
        {
            // An MCU that goes back by itself does so after a power failure, too. From here on only this module's record decides.
            return Work(place, begins, Checking, Confirming);
        }

        /// <inheritdoc/>
        protected override ResultCode Accept(int place, bool begins)
        {
            _isTouched = false;
            return ResultCode.None;
        }

        /// <inheritdoc/>
        protected override ResultCode Restore(int place, bool begins)
        {
            if (_mcu != null && begins)
            {
                // It may not have been known before now what was begun.
                GetStatus(new ModuleStatus());
                ResultCode former = _isTouched ? CheckFormer(place) : ResultCode.None;
                if (!_isTouched || former != ResultCode.None)
                {
                    return former;
                }
            }

            ResultCode code = Work(place, begins, Beginning, Confirming);
            _isTouched &= code != ResultCode.None;
            return code;
        }

        // What is no image, such as a place that the factory left blank, must not take the place of what the MCU has.
        private ResultCode CheckFormer(int place)
        {
            int size = SizeOf(place);
            if (size <= 0)
            {
                return ResultCode.FormerImageMissing;
            }

            byte[] head = new byte[size < HeadLength ? size : HeadLength];
            ResultCode code = Get(place, 0, head, head.Length);
            if (code == ResultCode.None)
            {
                string version = VersionAt(place);
                ManifestComponent component = new ManifestComponent();
                component.Size = size;
                component.Version = SemanticVersion.Parse(version == null ? "0.0.0" : version);
                code = _mcu.Judge(component, head, head.Length) == ResultCode.ImageMalformed ? ResultCode.FormerImageMissing : ResultCode.None;
            }

            return code;
        }

        // One call of the protocol.
        private ResultCode Work(int place, bool begins, int firstStep, int lastStep)
        {
            if (_mcu == null)
            {
                return ResultCode.None;
            }

            if (begins)
            {
                _wasTouched = _isTouched;
                _step = firstStep;
                _loaded = 0;
                _setbacks = 0;
            }

            ResultCode code = _step == Beginning ? _mcu.Begin(SizeOf(place), HashOf(place))
                : _step == Writing ? Send(place)
                : _step == Finishing ? _mcu.Finish()
                : _step == Checking ? CheckVersion(place)
                : _mcu.Confirm();
            if (_step == Beginning)
            {
                // One that cannot be programmed is left as it was.
                _isTouched = _wasTouched || code == ResultCode.None || code == ResultCode.Pending;
            }

            if (code != ResultCode.None)
            {
                return code;
            }

            bool isOver = _step != Writing || _mcu.Position == SizeOf(place);
            if (isOver && _step == lastStep)
            {
                return ResultCode.None;
            }

            _step += isOver ? 1 : 0;
            return ResultCode.Pending;
        }

        private ResultCode Send(int place)
        {
            int at = _mcu.Position;
            if (_loaded == 0)
            {
                int missing = SizeOf(place) - at;
                int count = missing < _chunk.Length ? missing : _chunk.Length;
                if (at < 0 || count <= 0)
                {
                    return ResultCode.McuRefused;
                }

                ResultCode read = Get(place, at, _chunk, count);
                if (read != ResultCode.None)
                {
                    return read;
                }

                _loaded = count;
            }

            ResultCode code = _mcu.Write(_chunk, _loaded);
            if (code == ResultCode.Pending)
            {
                return code;
            }

            bool isSetback = _mcu.Position - at < (_loaded + 1) / 2;
            _loaded = 0;
            return code == ResultCode.None && isSetback && ++_setbacks > MaxSetbacks ? ResultCode.McuRefused : code;
        }

        private ResultCode CheckVersion(int place)
        {
            string version = VersionAt(place);
            return version == null ? ResultCode.None : _mcu.Check(version);
        }
    }
}
