using System.Runtime.InteropServices;

namespace nanoOta.VirtualDevice.Native
{
    /// <summary>The functions of targets/native, in the shared library that <see cref="NativeLibraryFile"/> names.</summary>
    internal static unsafe partial class NativeCore
    {
        private const string Library = "nanoota_native";

        /// <summary>Bit of nota_slots_state: there is a fallback.</summary>
        internal const uint StateFallback = 8;

        static NativeCore()
        {
            NativeLibrary.SetDllImportResolver(typeof(NativeCore).Assembly, (name, _, _) => name == Library ? NativeLibraryFile.Load() : 0);
        }

        [LibraryImport(Library)]
        internal static partial byte* nota_test_sanitizers();

        // Called for each piece of flash that is read, and over in no time.
        [LibraryImport(Library)]
        [SuppressGCTransition]
        internal static partial void nota_test_touch(byte* from, nuint count);

        [LibraryImport(Library)]
        internal static partial byte nota_test_is_on_trial(void* slots);

        [LibraryImport(Library)]
        internal static partial nuint nota_test_size_of_slots();

        [LibraryImport(Library)]
        internal static partial nuint nota_test_size_of_sha256();

        [LibraryImport(Library)]
        internal static partial nuint nota_test_size_of_rsa_work();

        [LibraryImport(Library)]
        internal static partial nuint nota_test_size_of_aes();

        [LibraryImport(Library)]
        internal static partial byte nota_aes_start(void* aes, byte* key, nuint length);

        [LibraryImport(Library)]
        internal static partial void nota_aes_crypt(void* aes, byte* counter, uint position, byte* data, nuint count);

        [LibraryImport(Library)]
        internal static partial void nota_aes_decrypt(void* aes, byte* block);

        [LibraryImport(Library)]
        internal static partial byte nota_slots_start(void* slots, FlashTable* flash, ImagesTable* images, Map* map, byte running);

        [LibraryImport(Library)]
        internal static partial byte nota_slots_hook(void* slots, int cause);

        [LibraryImport(Library)]
        internal static partial byte nota_slots_active_deploy(void* slots);

        [LibraryImport(Library)]
        internal static partial ushort nota_slots_watchdog_seconds(void* slots);

        [LibraryImport(Library)]
        internal static partial uint nota_slots_state(void* slots);

        [LibraryImport(Library)]
        internal static partial void nota_slots_record(void* slots, byte* bytes);

        [LibraryImport(Library)]
        internal static partial uint nota_slots_capacity(void* slots, int part);

        [LibraryImport(Library)]
        internal static partial int nota_slots_open(void* slots, int part, uint offset);

        [LibraryImport(Library)]
        internal static partial int nota_slots_write(void* slots, byte* data, uint count);

        [LibraryImport(Library)]
        internal static partial int nota_slots_erase_tail(void* slots);

        [LibraryImport(Library)]
        internal static partial int nota_slots_read(void* slots, int part, byte idle, uint offset, byte* to, uint count);

        [LibraryImport(Library)]
        internal static partial int nota_slots_hash(void* slots, int part, byte idle, uint offset, uint count, void* sha);

        [LibraryImport(Library)]
        internal static partial void nota_set_text(byte* to, nuint room, byte* text, nuint length);

        [LibraryImport(Library)]
        internal static partial int nota_slots_activate(void* slots, byte parts, byte* set, uint trialSeconds);

        [LibraryImport(Library)]
        internal static partial int nota_slots_confirm(void* slots);

        [LibraryImport(Library)]
        internal static partial int nota_slots_revert(void* slots, uint reason);

        [LibraryImport(Library)]
        internal static partial uint nota_journal_capacity(void* slots);

        [LibraryImport(Library)]
        internal static partial byte nota_journal_read(void* slots, uint place, byte* record);

        [LibraryImport(Library)]
        internal static partial byte nota_journal_write(void* slots, uint place, byte* record);

        [LibraryImport(Library)]
        internal static partial void nota_sha256_start(void* sha);

        [LibraryImport(Library)]
        internal static partial void nota_sha256_append(void* sha, byte* data, nuint count);

        [LibraryImport(Library)]
        internal static partial void nota_sha256_finish(void* sha, byte* digest);

        [LibraryImport(Library)]
        internal static partial void nota_sha256_export(void* sha, byte* state);

        [LibraryImport(Library)]
        internal static partial void nota_sha256_import(void* sha, byte* state);

        [LibraryImport(Library)]
        internal static partial byte nota_rs256_verify(RsaKey* key, byte* digest, byte* signature, nuint length, void* work);

        /// <summary>nota_flash.</summary>
        internal struct FlashTable
        {
            public nint Context;
            public delegate* unmanaged<nint, uint, byte*, uint, byte> Read;
            public delegate* unmanaged<nint, uint, byte*, uint, byte> Program;
            public delegate* unmanaged<nint, uint, byte> Erase;
            public delegate* unmanaged<nint, uint, uint> Sector;
        }

        /// <summary>nota_images.</summary>
        internal struct ImagesTable
        {
            public nint Context;
            public delegate* unmanaged<nint, byte, byte> IsWhole;
            public delegate* unmanaged<nint, byte, byte, byte> CanRun;
        }

        /// <summary>nota_area.</summary>
        internal struct Area
        {
            public uint Offset;
            public uint Size;
        }

        /// <summary>nota_map.</summary>
        internal struct Map
        {
            public Area Firmware0;
            public Area Firmware1;
            public byte FirmwareCount;
            public Area Deploy0;
            public Area Deploy1;
            public Area OtaData;
            public Area Record;
            public Area Journal;
        }

        /// <summary>nota_rsa_key.</summary>
        internal struct RsaKey
        {
            public byte* Modulus;
            public nuint Length;
            public uint Exponent;
        }
    }
}
