extern alias StandIns;

using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Mcu;
using nanoOta.VirtualDevice.PowerFail;
using nanoOta.VirtualDevice.PowerFail.Components;
using StandIns::nanoOta.StandIns;
using DeviceFile = StandIns::System.IO.File;

namespace nanoOta.Tool.Devices
{
    /// <summary>
    /// What is attached to a virtual device, and the modules for it: an MCU behind a flash chip, files, modules of the user's own. All keep
    /// their state in the device's folder: <c>chip.bin</c>, <c>mcu.bin</c>, <c>own.bin</c> and
    /// <c>files.bin</c>.
    /// </summary>
    internal sealed class Attachments
    {
        private const int OwnChipSelect = 4;
        private const int ChipLength = 1 << 20;
        private const int McuSlotLength = 256 * 1024;
        private const int FactoryPayload = 20000;
        private const string FactoryVersion = "1.0.0";
        private const int DriveLength = 1 << 20;
        private const int FileLength = 65536;

        private readonly string _folder;
        private readonly McuBench _bench;
        private readonly NorFlash _ownChip;
        private readonly int _factoryLength;
        private readonly bool _hasMcu;
        private readonly VirtualFileSystem _files;
        private readonly List<(string Id, string Path)> _names = [];
        private readonly Type[] _own;
        private readonly List<UpdateModule> _modules = [];

        private Attachments(string folder, string[] with, string? assembly)
        {
            _folder = folder;
            _own = assembly == null ? [] : UserModules.In(assembly);
            _files = Read("files.bin", path =>
            {
                using FileStream stream = File.OpenRead(path);
                return VirtualFileSystem.Load(stream);
            }) ?? new VirtualFileSystem(DriveLength);
            byte[] factory = McubootImages.Make(FactoryVersion, FactoryPayload);
            NorFlash? chip = Read("chip.bin", path => NorFlash.Load(path, FlashSectors.OfBlocks(ChipLength)));
            NorFlash? mcu = Read("mcu.bin", path => NorFlash.Load(path, FlashSectors.OfBlocks(2 * McuSlotLength)));
            bool isNew = chip == null;
            chip ??= new NorFlash(ChipLength);
            if (isNew)
            {
                McuBench.Provision(chip, factory);
            }

            _bench = new McuBench(chip, mcu == null ? new McubootMcu(factory, McuSlotLength) : new McubootMcu(mcu), McuSlotLength) { FactoryVersion = FactoryVersion };
            _factoryLength = factory.Length;
            _ownChip = Read("own.bin", path => NorFlash.Load(path, FlashSectors.OfBlocks(ChipLength))) ?? new NorFlash(ChipLength);
            _bench.Wiring.Connect(1, OwnChipSelect, new SpiNorChip(_ownChip));
            foreach (string one in with)
            {
                if (one == McuBench.Component)
                {
                    _hasMcu = true;
                    continue;
                }

                int colon = one.IndexOf(':', StringComparison.Ordinal);
                if (!one.StartsWith("file=", StringComparison.Ordinal) || colon <= "file=".Length || colon == one.Length - 1)
                {
                    throw new Failure(ExitCode.Usage, $"--with {one} is not known: give mcu, or file=ID:PATH.");
                }

                AddFile(one["file=".Length..colon], one[(colon + 1)..]);
            }
        }

        /// <summary>The file system that the device's code uses while this is attached; removable drives are plugged into it.</summary>
        public VirtualFileSystem Files => _files;

        /// <summary>Attaches.</summary>
        /// <param name="folder">The device's folder.</param>
        /// <param name="with">Each <c>mcu</c> or <c>file=ID:PATH</c>.</param>
        /// <param name="assembly">An assembly with modules of the user's own; null: none.</param>
        /// <returns>Null when nothing is attached.</returns>
        /// <exception cref="Failure">It is not known what to attach, or a file cannot be read.</exception>
        public static Attachments? Open(string folder, string[] with, string? assembly)
        {
            return with.Length == 0 && assembly == null ? null : new Attachments(folder, with, assembly);
        }

        /// <summary>Turns the power on.</summary>
        /// <param name="flash">The device's own flash.</param>
        /// <param name="cut">Where the power is cut; point 0: nowhere.</param>
        public PowerSupply PowerOn(NorFlash flash, Cut cut)
        {
            _bench.PowerOn();
            _ownChip.PowerOn();
            var supply = new PowerSupply([flash, _bench.Cells, _bench.Mcu.Flash, _ownChip], _files, cut.Point == 0 ? [] : [cut]);
            supply.Watch(flash, ComponentPoint.Flash);
            supply.Watch(_bench.Cells, ComponentPoint.Chip);
            supply.Watch(_ownChip, ComponentPoint.Chip);
            supply.Watch(_bench.Mcu.Flash, ComponentPoint.McuFlash);
            _files.BeforeOperation = supply.Before;
            return supply;
        }

        /// <summary>The modules of a boot.</summary>
        public IEnumerable<UpdateModule> Boot()
        {
            VirtualFileSystem.Current = _files;
            _bench.Wiring.Restart();
            DeviceWiring.Current = _bench.Wiring;
            _modules.Clear();
            _modules.AddRange(_names.Select(file => new FileModule(file.Id, file.Path, FileLength, FactoryVersion)));
            if (_hasMcu)
            {
                _modules.Add(_bench.Boot(_factoryLength));
            }

            _modules.AddRange(_own.Select(UserModules.Make));
            return _modules;
        }

        /// <summary>Writes back what it all keeps.</summary>
        public void Save()
        {
            Failure.OfFiles($"cannot write to {_folder}", () =>
            {
                _bench.Cells.Save(PathOf("chip.bin"));
                _bench.Mcu.Flash.Save(PathOf("mcu.bin"));
                _ownChip.Save(PathOf("own.bin"));
                return true;
            });
            OutputFile.Write(PathOf("files.bin"), _files.Save);
        }

        /// <summary>What each component is at, for people.</summary>
        public IEnumerable<string> ToText()
        {
            if (_bench.Cells.IsOff)
            {
                yield break;
            }

            VirtualFileSystem.Current = _files;
            foreach (UpdateModule module in _modules)
            {
                string? place = module is FileModule file ? $", {file.PathInUse} with {DeviceFile.ReadAllBytes(file.PathInUse).Length} bytes"
                    : module is McuModule ? $", the MCU runs {_bench.Mcu.Running ?? "nothing"}" : "";
                yield return $"component {module.Describe() ?? module.GetType().Name}{place}";
            }
        }

        private void AddFile(string id, string source)
        {
            byte[] content = InputFile.Bytes(source);
            string path = @"I:\" + id;
            if (content.Length > FileLength)
            {
                throw new Failure(ExitCode.Usage, $"{source} has {content.Length} bytes; a file of the device has at most {FileLength}.");
            }

            VirtualFileSystem.Current = _files;
            if (!DeviceFile.Exists(path))
            {
                DeviceFile.WriteAllBytes(path, content);
            }

            _names.Add((id, path));
        }

        private T? Read<T>(string name, Func<string, T> read)
            where T : class
        {
            string path = PathOf(name);
            return File.Exists(path) ? Failure.OfFiles($"cannot read {path}", () => read(path)) : null;
        }

        private string PathOf(string name) => Path.Combine(_folder, name);
    }
}
