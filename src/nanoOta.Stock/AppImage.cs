// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;
using System.Text;

namespace nanoOta
{
    /// <summary>
    /// An application as it lies in its file: assemblies one behind the other, each after those that it refers to, the application
    /// last. That is a deployment without the assemblies that the loader has.
    /// </summary>
    internal sealed class AppImage
    {
        internal const int HeaderLength = 124;

        private const int MaxAssemblies = 64;
        private const int MaxName = 64;
        private const int ReferenceLength = 12;

        // Names that the CLR has built in have numbers from the first on; of assemblies' names, only mscorlib is among them.
        private const uint FirstBuiltInName = 0xFFFF - 0x35C;
        private const uint MscorlibName = 0xFCD2;

        // "NFMRK1", NUL, NUL: an assembly of nanoFramework 1.x.
        private const uint MarkerLow = 0x524D464E;
        private const uint MarkerHigh = 0x0000314B;

        private readonly byte[] _header = new byte[HeaderLength];
        private readonly FileStream _file;
        private readonly int _size;
        private int _at;
        private int _next;

        private AppImage(FileStream file, int size)
        {
            _file = file;
            _size = size;
        }

        /// <summary>Judges the first bytes of an image.</summary>
        internal static bool HasMarker(byte[] image)
        {
            return Bytes.GetUInt32(image, 0) == MarkerLow && Bytes.GetUInt32(image, 4) == MarkerHigh;
        }

        /// <summary>Judges all assemblies of a file whose hash has been found right.</summary>
        internal static ResultCode Check(string path, ManifestComponent component, IAppRuntime runtime, byte[] buffer)
        {
            try
            {
                using (FileStream file = new FileStream(path, FileMode.Open, FileAccess.Read))
                {
                    return new AppImage(file, component.Size).Check(component.Version.Core, runtime, buffer);
                }
            }
            catch (Exception)
            {
                return ResultCode.FlashFailed;
            }
        }

        /// <summary>Loads all assemblies of a file.</summary>
        internal static bool Load(string path, int size, IAppRuntime runtime)
        {
            try
            {
                using (FileStream file = new FileStream(path, FileMode.Open, FileAccess.Read))
                {
                    return new AppImage(file, size).Load(runtime);
                }
            }
            catch (Exception)
            {
                // Unreadable, or too large for the heap as it is now.
                return false;
            }
        }

        private bool Load(IAppRuntime runtime)
        {
            bool loaded = false;
            while (_next < _size)
            {
                if (!MoveNext())
                {
                    return false;
                }

                byte[] assembly = new byte[(int)Bytes.GetUInt32(_header, 100)];
                loaded = Get(_at, assembly, assembly.Length) && runtime.Load(assembly);
                if (!loaded)
                {
                    return false;
                }
            }

            return loaded;
        }

        private ResultCode Check(string version, IAppRuntime runtime, byte[] buffer)
        {
            string[] keys = new string[MaxAssemblies];
            string own = null;
            for (int count = 0; _next < _size; count++)
            {
                if (count == MaxAssemblies || !MoveNext())
                {
                    return ResultCode.ImageMalformed;
                }

                // Natives are bound when the CLR starts, and to assemblies of the deployment only.
                if (Bytes.GetUInt32(_header, 20) != 0)
                {
                    return ResultCode.NativesMismatch;
                }

                uint end = Bytes.GetUInt32(_header, 44);
                for (uint at = Bytes.GetUInt32(_header, 40); at + ReferenceLength <= end; at += ReferenceLength)
                {
                    if (!Get(_at + (int)at, buffer, ReferenceLength))
                    {
                        return ResultCode.ImageMalformed;
                    }

                    int major = GetUInt16(buffer, 4);
                    int minor = GetUInt16(buffer, 6);
                    string name = ReadName(GetUInt16(buffer, 0), buffer);
                    if (name == null || !(IsAmong(keys, count, Key(name, major, minor)) || runtime.Has(name, major, minor)))
                    {
                        return name == null ? ResultCode.ImageMalformed : ResultCode.ReferenceMissing;
                    }
                }

                keys[count] = Key(ReadName(GetUInt16(_header, 36), buffer), GetUInt16(_header, 28), GetUInt16(_header, 30));
                own = GetUInt16(_header, 28) + "." + GetUInt16(_header, 30) + "." + GetUInt16(_header, 32);
            }

            return own == version ? ResultCode.None : ResultCode.ImageVersionMismatch;
        }

        // Reads the next header; false where there is no whole assembly.
        private bool MoveNext()
        {
            _at = _next;
            if (_size - _at < HeaderLength || !Get(_at, _header, HeaderLength) || !HasMarker(_header))
            {
                return false;
            }

            uint length = Bytes.GetUInt32(_header, 100);
            uint room = (uint)(_size - _at);
            bool whole = length >= HeaderLength && length <= room;
            if (whole)
            {
                _next = _at + (((int)length + 3) & ~3);
            }

            return whole;
        }

        private string ReadName(int index, byte[] buffer)
        {
            if (index >= FirstBuiltInName)
            {
                return index == MscorlibName ? "mscorlib" : null;
            }

            uint at = Bytes.GetUInt32(_header, 84) + (uint)index;
            uint end = Bytes.GetUInt32(_header, 100);
            if (at >= end)
            {
                return null;
            }

            int count = end - at < MaxName ? (int)(end - at) : MaxName;
            int length = 0;
            if (Get(_at + (int)at, buffer, count))
            {
                while (length < count && buffer[length] != 0)
                {
                    length++;
                }
            }

            return length == count ? null : Encoding.UTF8.GetString(buffer, 0, length);
        }

        private bool Get(int at, byte[] buffer, int count)
        {
            _file.Seek(at, SeekOrigin.Begin);
            return _file.Read(buffer, 0, count) == count;
        }

        private static bool IsAmong(string[] keys, int count, string key)
        {
            for (int i = 0; i < count; i++)
            {
                if (keys[i] == key)
                {
                    return true;
                }
            }

            return false;
        }

        private static string Key(string name, int major, int minor)
        {
            return name + "," + major + "." + minor;
        }

        private static int GetUInt16(byte[] b, int at)
        {
            return b[at] | (b[at + 1] << 8);
        }
    }
}
