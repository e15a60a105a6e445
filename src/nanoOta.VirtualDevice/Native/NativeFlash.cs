extern alias StandIns;

using System.Runtime.InteropServices;
using nanoOta.VirtualDevice.Boot;
using nanoOta.VirtualDevice.Flash;
using StandIns::nanoOta.StandIns;

namespace nanoOta.VirtualDevice.Native
{
    /// <summary>
    /// The C core's flash and its judge of images: calls back into the virtual device's. A cut of the power is a flash that fails,
    /// and goes on failing.
    /// </summary>
    internal sealed unsafe class NativeFlash : IDisposable
    {
        private readonly NorFlash _flash;
        private readonly SlotMap _map;
        private readonly GCHandle _handle;

        public NativeFlash(NorFlash flash, SlotMap map)
        {
            _flash = flash;
            _map = map;
            _handle = GCHandle.Alloc(this);
        }

        public NativeCore.FlashTable Flash => new()
        {
            Context = GCHandle.ToIntPtr(_handle),
            Read = &Read,
            Program = &Program,
            Erase = &Erase,
            Sector = &Sector,
        };

        public NativeCore.ImagesTable Images => new()
        {
            Context = GCHandle.ToIntPtr(_handle),
            IsWhole = &IsWhole,
            CanRun = &CanRun,
        };

        public void Dispose()
        {
            _handle.Free();
        }

        [UnmanagedCallersOnly]
        private static byte Read(nint context, uint offset, byte* to, uint count)
        {
            NativeCore.nota_test_touch(to, count);
            try
            {
                Of(context)._flash.Read((int)offset, new Span<byte>(to, (int)count));
                return 1;
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                return 0;
            }
        }

        [UnmanagedCallersOnly]
        private static byte Program(nint context, uint offset, byte* from, uint count)
        {
            NativeCore.nota_test_touch(from, count);
            try
            {
                Of(context)._flash.Program((int)offset, new ReadOnlySpan<byte>(from, (int)count));
                return 1;
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                return 0;
            }
        }

        [UnmanagedCallersOnly]
        private static byte Erase(nint context, uint offset)
        {
            try
            {
                Of(context)._flash.Erase((int)offset);
                return 1;
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                return 0;
            }
        }

        [UnmanagedCallersOnly]
        private static uint Sector(nint context, uint offset)
        {
            return (uint)Of(context)._flash.Sectors.LengthAt((int)offset);
        }

        [UnmanagedCallersOnly]
        private static byte IsWhole(nint context, byte firmware)
        {
            try
            {
                NativeFlash self = Of(context);
                return Bootloader.IsWhole(self._flash, self._map.Firmware[firmware]) ? (byte)1 : (byte)0;
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                return 0;
            }
        }

        [UnmanagedCallersOnly]
        private static byte CanRun(nint context, byte firmware, byte deploy)
        {
            try
            {
                NativeFlash self = Of(context);
                return ClrModel.CanRun(self._flash, self._map.Firmware[firmware], self._map.Deploy[deploy]) ? (byte)1 : (byte)0;
            }
            catch (Exception exception) when (IsFailure(exception))
            {
                return 0;
            }
        }

        private static NativeFlash Of(nint context)
        {
            return (NativeFlash)GCHandle.FromIntPtr(context).Target!;
        }

        // No exception may pass through C. What no flash does is kept by the flash itself, as its Misuse.
        private static bool IsFailure(Exception exception)
        {
            return exception is PowerCutException or FlashException;
        }
    }
}
