using System.Text;

namespace nanoOta.StandIns
{
    /// <summary>
    /// The storage of a virtual device: the drives, in memory, with littlefs' promises. Names, creations, removals and the
    /// content of a closed file are durable; the content of an open one is lost with the power.
    /// </summary>
    public sealed class VirtualFileSystem
    {
        // Sizes of the native half: nanoPAL_FileSystem.h, littlefs_FS_Driver.cpp.
        private const int MaxDriveName = 8;
        private const int MaxPath = 258;
        private const int MaxNativePath = MaxPath - 12;

        // Flows into threads which the device code starts itself.
        private static readonly AsyncLocal<VirtualFileSystem?> _current = new();

        private readonly List<VirtualVolume> _volumes = [];
        private readonly List<VirtualVolume> _removed = [];

        /// <summary>A file system with the internal drive <c>I:</c>.</summary>
        /// <param name="capacityBytes">Bytes that all files of the drive may hold together.</param>
        public VirtualFileSystem(long capacityBytes)
        {
            AddDrive("I:", capacityBytes);
        }

        private VirtualFileSystem()
        {
        }

        /// <summary>The file system of the device that runs in this execution context.</summary>
        /// <exception cref="InvalidOperationException">None was set.</exception>
        public static VirtualFileSystem Current
        {
            get => _current.Value ?? throw new InvalidOperationException("No VirtualFileSystem runs in this context.");
            set => _current.Value = value;
        }

        /// <summary>
        /// Called before each change that becomes durable; its answer cuts the power there. So a power-fail test counts the
        /// changes of an undisturbed run and then cuts before and after each.
        /// </summary>
        public Func<FileOperation, CutPoint>? BeforeOperation { get; set; }

        /// <summary>How many durable changes there were.</summary>
        public int OperationCount { get; internal set; }

        /// <summary>False from a power cut until <see cref="RestorePower"/>; every access throws meanwhile.</summary>
        public bool IsPowered { get; private set; } = true;

        /// <summary>A number for the time between two power cuts: what was open in an earlier life stays dead.</summary>
        internal int Life { get; private set; }

        internal OpenFileTable OpenFiles { get; } = new();

        internal IReadOnlyList<VirtualVolume> Volumes => _volumes;

        /// <summary>Adds a removable drive.</summary>
        /// <param name="name">A letter and a colon, for instance <c>D:</c>.</param>
        /// <param name="capacityBytes">Bytes that all files of the drive may hold together.</param>
        public void AddDrive(string name, long capacityBytes)
        {
            if (name.Length != 2 || !char.IsAsciiLetter(name[0]) || name[1] != ':' || Volume(name) is not null)
            {
                throw new ArgumentException("A drive is a new letter and a colon.", nameof(name));
            }

            ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
            _volumes.Add(new VirtualVolume(name, capacityBytes));
        }

        /// <summary>Whether there is a drive of this name.</summary>
        public bool HasDrive(string name) => Volume(name) is not null;

        /// <summary>
        /// Pulls a drive out: it is as if it had never been there, and what is open on it fails. Its content stays for <see cref="InsertDrive"/>.
        /// </summary>
        /// <param name="name">A letter and a colon.</param>
        /// <exception cref="ArgumentException">There is no such drive.</exception>
        public void RemoveDrive(string name)
        {
            VirtualVolume volume = Volume(name) ?? throw new ArgumentException("There is no such drive.", nameof(name));
            volume.CloseAll();
            _volumes.Remove(volume);
            _removed.Add(volume);
        }

        /// <summary>Puts a drive back that was pulled out. What was open on it stays dead.</summary>
        /// <param name="name">A letter and a colon.</param>
        /// <exception cref="ArgumentException">No such drive was pulled out.</exception>
        public void InsertDrive(string name)
        {
            VirtualVolume volume = _removed.Find(removed => removed.Name == name) ?? throw new ArgumentException("No such drive was pulled out.", nameof(name));
            volume.Insertions++;
            _removed.Remove(volume);
            _volumes.Add(volume);
        }

        /// <summary>Cuts the power: what is not durable is lost.</summary>
        public void CutPower()
        {
            IsPowered = false;
            Life++;
            OpenFiles.Clear();
            _volumes.ForEach(volume => volume.CloseAll());
        }

        /// <summary>The device starts anew from what is durable.</summary>
        public void RestorePower() => IsPowered = true;

        /// <summary>Writes what is durable.</summary>
        public void Save(Stream destination) => FileSystemImage.Save(this, destination);

        /// <summary>Reads what <see cref="Save"/> wrote.</summary>
        /// <exception cref="InvalidDataException">The stream holds something else.</exception>
        public static VirtualFileSystem Load(Stream source)
        {
            VirtualFileSystem fileSystem = new();
            FileSystemImage.Load(fileSystem, source);
            return fileSystem;
        }

        internal VirtualVolume? Volume(string name)
        {
            return _volumes.Find(volume => volume.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        }

        internal void EnsureLife(int life)
        {
            if (!IsPowered || life != Life)
            {
                throw Off();
            }
        }

        /// <summary>Fails for what was open on a drive that was pulled out since.</summary>
        internal void EnsurePresent(VirtualVolume volume, int insertions)
        {
            if (!_volumes.Contains(volume) || volume.Insertions != insertions)
            {
                throw FileError.Native(FileError.Others);
            }
        }

        /// <summary>Makes one change durable, unless the power fails before.</summary>
        internal void Perform(FileOperationKind kind, VirtualVolume volume, string key, Action change)
        {
            int life = Life;
            EnsureLife(life);
            OperationCount++;
            string path = volume.Name + '\\' + key.Replace('/', '\\');
            CutPoint cut = BeforeOperation?.Invoke(new FileOperation(kind, path, OperationCount)) ?? CutPoint.None;

            // The hook may also have cut the power by itself, for all parts of a device at once.
            if (cut == CutPoint.Before)
            {
                CutPower();
            }

            EnsureLife(life);
            change();
            if (cut == CutPoint.After)
            {
                CutPower();
                throw Off();
            }
        }

        // An application that runs does not go on, whatever it catches.
        private static PowerCutException Off()
        {
            DeviceSchedule.EndThread();
            return new PowerCutException();
        }

        /// <summary>Splits a full path as the native half does: at the first slash, with its limits.</summary>
        internal VirtualVolume Resolve(string fullPath, out string key)
        {
            EnsureLife(Life);
            int slash = fullPath.IndexOfAny(['\\', '/']);
            string drive = slash < 0 ? fullPath : fullPath[..slash];
            string relative = slash < 0 ? "" : fullPath[slash..];
            if (drive.Length >= MaxDriveName || Encoding.UTF8.GetByteCount(relative) >= MaxPath)
            {
                throw FileError.Native(FileError.PathTooLong);
            }

            VirtualVolume volume = Volume(drive) ?? throw FileError.Native(FileError.InvalidDriver);
            key = relative.Replace('\\', '/').TrimStart('/');
            if ("/I/".Length + Encoding.UTF8.GetByteCount(key) >= MaxNativePath)
            {
                throw FileError.Native(FileError.PathTooLong);
            }

            key = key.TrimEnd('/');
            return volume;
        }
    }
}
