extern alias StandIns;

using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Mcu
{
    /// <summary>What an MCU does after a reset.</summary>
    public enum McuMode
    {
        /// <summary>It has no power, or nothing that it could run.</summary>
        Dead,

        /// <summary>Its bootloader listens.</summary>
        Recovery,

        /// <summary>Its application runs.</summary>
        Application,
    }

    /// <summary>
    /// An MCU whose bootloader is MCUboot with serial recovery. It does what boot/boot_serial of MCUboot at 2d4bacc3 does with one image and two
    /// slots (docs/external-mcu.md lists what); the exchange of slots happens at once. Its flash is a <see cref="NorFlash"/> of its
    /// own, whose power can be cut at any operation.
    /// </summary>
    public sealed partial class McubootMcu : ISerialPeer, IMcuReset
    {
        // The end of a slot: image_ok, then the magic of a pending exchange.
        private const int TrailerLength = 32;
        private const int ImageOk = 32;
        private const int Pending = 24;
        private const int Permanent = 16;

        private readonly SmpConsole _console;
        private readonly int _slotLength;
        private int _uploadSlot;
        private int _uploadSize;
        private int _expected;
        private bool _isTried;

        /// <summary>Makes an MCU that runs an image.</summary>
        /// <param name="image">A whole MCUboot image; null: it has none yet.</param>
        /// <param name="slotLength">The length of a slot, a multiple of 4096.</param>
        public McubootMcu(byte[]? image, int slotLength)
            : this(image, new NorFlash(2 * slotLength))
        {
        }

        /// <summary>Makes an MCU of its flash, as it was left.</summary>
        /// <param name="flash">Two slots of the same length.</param>
        public McubootMcu(NorFlash flash)
            : this(null, flash)
        {
        }

        private McubootMcu(byte[]? image, NorFlash flash)
        {
            _slotLength = flash.Size / 2;
            Flash = flash;
            _console = new SmpConsole((operation, group, command, body) =>
            {
                byte[] answer = Handle(operation, group, command, body);
                return Forge == null || answer.Length == 0 ? answer : Forge(answer);
            });
            for (int at = 0; image != null && at < image.Length; at += NorFlash.BlockLength)
            {
                Flash.Program(at, image.AsSpan(at, Math.Min(NorFlash.BlockLength, image.Length - at)));
            }

            Flash.PowerOn();
            Start(false);
        }

        /// <summary>Its flash: the slot that runs, then the other one.</summary>
        public NorFlash Flash { get; }

        /// <summary>What it does.</summary>
        public McuMode Mode { get; private set; }

        /// <summary>The version that its application says it has; null while none runs.</summary>
        public string? Running { get; private set; }

        /// <summary>Whether the bootloader takes images for any slot, and marks them.</summary>
        public bool HasDirectUpload { get; init; }

        /// <summary>Whether the slot is erased as an upload comes, not all of it at first.</summary>
        public bool ErasesProgressively { get; init; } = true;

        /// <summary>Whether the application speaks SMP.</summary>
        public bool ApplicationSpeaks { get; init; }

        /// <summary>Applications of these versions do not start.</summary>
        public HashSet<string> Broken { get; } = [];

        /// <summary>Bytes that the bootloader takes in one request; MCUBOOT_SERIAL_MAX_RECEIVE_SIZE.</summary>
        public int MaxReceive { get => _console.MaxReceive; init => _console.MaxReceive = value; }

        /// <summary>Refuses what this says it does, with that code; 0: not refused.</summary>
        public Func<int, int, int>? Refuse { get; set; }

        /// <summary>Is called for each request before it is handled: its group, and its command.</summary>
        public Action<int, int>? Requested { get; set; }

        /// <summary>Makes something else of the body of each answer.</summary>
        public Func<byte[], byte[]>? Forge { get; set; }

        /// <summary>What is done to each line on its way, in either direction.</summary>
        public Func<byte[], IEnumerable<byte[]>> Line { set => _console.Line = value; }

        /// <summary>The offset that the upload under way has come to.</summary>
        public int Expected => _expected;

        /// <summary>Resets since it was made.</summary>
        public int Resets { get; private set; }

        /// <inheritdoc/>
        public void Reset(bool recovery)
        {
            if (Flash.IsOff)
            {
                throw new PowerCutException();
            }

            Resets++;
            Start(recovery);
        }

        /// <summary>The power comes back.</summary>
        public void PowerOn()
        {
            Flash.PowerOn();
            Start(false);
        }

        /// <summary>The MCU alone resets, as from its own watchdog.</summary>
        public void Stumble()
        {
            Start(Mode == McuMode.Recovery);
        }

        /// <inheritdoc/>
        public void Receive(ReadOnlySpan<byte> bytes)
        {
            if (!Flash.IsOff && Listens)
            {
                _console.Receive(bytes);
            }
        }

        /// <inheritdoc/>
        public byte[] TakeSent() => Flash.IsOff ? throw new PowerCutException() : _console.TakeSent();

        /// <summary>Whether a slot holds exactly this image.</summary>
        public bool Holds(int slot, byte[] image)
        {
            bool off = Flash.IsOff;
            if (off)
            {
                Flash.PowerOn();
            }

            return Flash.Read(slot * _slotLength, image.Length).AsSpan().SequenceEqual(image);
        }

        private bool Listens => Mode == McuMode.Recovery || (Mode == McuMode.Application && ApplicationSpeaks);

        private void Start(bool recovery)
        {
            _console.Clear();
            _expected = 0;
            _uploadSize = 0;
            if (!recovery)
            {
                Exchange();
            }

            string? version = VersionIn(0);
            Mode = recovery ? McuMode.Recovery : version == null || Broken.Contains(version) ? McuMode.Dead : McuMode.Application;
            Running = Mode == McuMode.Application ? version : null;
        }

        // What MCUboot does before it starts an image: a marked one is exchanged for the one before; one that was tried and not
        // confirmed is exchanged back.
        private void Exchange()
        {
            if (_isTried && !IsSet(0, ImageOk))
            {
                _isTried = false;
                Swap();
            }
            else if (IsSet(1, Pending) && VersionIn(1) != null)
            {
                bool permanent = IsSet(1, Permanent);
                Swap();
                _isTried = !permanent;
            }
        }

        private void Swap()
        {
            byte[] first = Content(0);
            byte[] second = Content(1);
            for (int slot = 0; slot < 2; slot++)
            {
                byte[] content = slot == 0 ? second : first;
                content.AsSpan(_slotLength - TrailerLength).Fill(0xFF);
                for (int at = 0; at < _slotLength; at += NorFlash.BlockLength)
                {
                    Flash.Replace(slot * _slotLength + at, content.AsSpan(at, NorFlash.BlockLength));
                }
            }
        }

        private byte[] Content(int slot) => Flash.Read(slot * _slotLength, _slotLength);

        private bool IsSet(int slot, int flag) => Flash.Read((slot + 1) * _slotLength - flag, 1)[0] == 1;

        private void Set(int slot, int flag)
        {
            if (!IsSet(slot, flag))
            {
                Flash.Program((slot + 1) * _slotLength - flag, [1]);
            }
        }

        // The bootloader lists and starts whole images alone.
        private string? VersionIn(int slot)
        {
            var image = McubootImage.Read(Content(slot).AsSpan(0, _slotLength - TrailerLength));
            bool whole = image.Length > 0 && image.Checks.Where(check => check.Name is "Header" or "TLVs" or "Hash").All(check => check.Ok);
            return whole ? image.Version.Replace('+', '.') : null;
        }
    }
}
