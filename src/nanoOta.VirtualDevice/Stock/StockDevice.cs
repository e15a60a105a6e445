extern alias StandIns;

using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Images;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Stock
{
    /// <summary>
    /// A device with unmodified firmware: the loader with its agent, as they ship, on a file system in memory. What watches over a
    /// trial is the loader's own thread; nothing watches over the CLR.
    /// </summary>
    public sealed class StockDevice : DeviceBase
    {
        /// <summary>The folder of everything.</summary>
        public const string Root = @"I:\nanoota\";

        // The loader strikes this much after the agent would have given up the trial by itself.
        private const int Margin = 60;

        private readonly VirtualFileSystem _files;
        private readonly FlashLayout _layout;
        private UpdateAgentOptions? _options;
        private AppFolders? _folders;
        private int _stateWrites;

        /// <summary>Makes a device around a file system; it is off.</summary>
        public StockDevice(VirtualFileSystem files, FlashLayout layout, DeviceSetup setup)
            : base(setup)
        {
            _files = files;
            _layout = layout;
            Func<FileOperation, CutPoint>? watched = files.BeforeOperation;
            files.BeforeOperation = operation =>
            {
                _stateWrites += operation.Kind == FileOperationKind.CommitFile && !operation.Path.EndsWith("app.bin", StringComparison.Ordinal) ? 1 : 0;
                return watched?.Invoke(operation) ?? CutPoint.None;
            };
        }

        /// <summary>What the boot that is running has loaded.</summary>
        public AppRuntimeModel? Runtime { get; private set; }

        /// <summary>Whether a version has an entry point.</summary>
        public Func<string, bool> HasEntryPoint { get; init; } = _ => true;

        /// <summary>Stands between each boot's agent and its module; tests plant defects here.</summary>
        public Func<UpdateModule, UpdateModule> WrapModule { get; init; } = module => module;

        /// <inheritdoc/>
        public override int StateWrites => _stateWrites;

        /// <summary>The version on trial; null when none is.</summary>
        public string? Trial => OnTrial;

        private protected override bool IsOff => !_files.IsPowered;

        private protected override string? OnTrial => _folders!.IsOnTrial ? _folders.VersionOf(AppFolders.Component) : null;

        private protected override long WatchedMilliseconds => _folders!.IsOnTrial ? (_options!.TrialSeconds + Margin) * 1000L : 0;

        private protected override bool Boot(ResetCause cause)
        {
            VirtualFileSystem.Current = _files;
            Runtime = new AppRuntimeModel();
            _folders = StockFiles.Boot(_layout, Runtime);
            string version = _folders.VersionOf(AppFolders.Component);
            Runtime.HasEntryPoint = HasEntryPoint(version);
            _options = Options(version, _layout.Target);
            bool runs = _folders.Start();
            if (IsOff)
            {
                return true;
            }

            Log("boot", ("cause", cause), ("slot", Place()), ("application", runs ? version : null), ("trial", _folders.IsOnTrial));
            Start(_options, _folders.CreateOptions(string.Empty).Journal, WrapModule(_folders));
            return true;
        }

        private protected override void Expire()
        {
            _folders!.Watch(0);
        }

        private string? Place()
        {
            var status = new ModuleStatus();
            _folders!.GetStatus(status);
            return status.Slot;
        }
    }
}
