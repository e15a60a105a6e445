extern alias StandIns;

using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Stock;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Applications
{
    /// <summary>
    /// A device with unmodified firmware whose loader runs, and loads applications from the drive. The files hold no code that a PC runs, so
    /// the application of a version is given as the assembly that its file is made from.
    /// </summary>
    /// <param name="layout">Its layout.</param>
    /// <param name="loader">The loader.</param>
    /// <param name="applications">What an assembly on the drive is made from; null: it holds no code.</param>
    public sealed class LoaderDevice(FlashLayout layout, ApplicationFile loader, Func<NanoAssembly, ApplicationFile?> applications) : RunningDevice
    {
        /// <summary>What the record on the drive says: as the next boot reads it.</summary>
        public ModuleStatus Recorded
        {
            get
            {
                // On a copy, because a boot counts.
                using var image = new MemoryStream();
                Files.Save(image);
                image.Position = 0;
                VirtualFileSystem.Current = VirtualFileSystem.Load(image);
                var status = new ModuleStatus();
                StockFiles.Boot(layout, new AppRuntimeModel()).GetStatus(status);
                VirtualFileSystem.Current = Files;
                return status;
            }
        }

        private protected override bool IsOff => !Files.IsPowered;

        private protected override bool Boot(ResetCause cause)
        {
            ApplicationFile.Started started = loader.LoadAsLoader();
            var assemblies = new ClrLoader(started.Load, found =>
            {
                ApplicationFile? application = applications(found);
                Version = application == null ? Version : $"{found.Version.Major}.{found.Version.Minor}.{found.Version.Build}";
                return application;
            });
            Log?.Invoke(new DeviceEvent("boot", ("cause", cause)));
            Use(new DeviceBoard
            {
                TargetName = layout.Target,
                Platform = "ESP32",
                FreeHeapBytes = AppRuntimeModel.Heap,
                Assemblies = assemblies,
            });
            started.Main.Start();
            return true;
        }
    }
}
