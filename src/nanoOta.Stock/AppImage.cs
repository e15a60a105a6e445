// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;
using System.Text;
using System.Threading;

namespace nanoOta
{
    /// <summary>
    /// An application as it lies in its file: assemblies one behind the other, each after those that it refers to, the application
    /// last. That is a deployment without the assemblies that the loader has.
    /// </summary>
    internal sealed class AppImage
    {
        private const int HeaderLength = 124;

        private const int MaxAssemblies = 64;
        private const int MaxName = 64;
        private const int ReferenceLength = 12;

        // The CLR has 860 strings built in, and an assembly names them by number, downwards from 0xFFFF. Two of them are names of
        // nanoFramework's libraries (c_CLR_StringTable_Data of nf-interpreter a3e8139a, the same since nanoFramework began).
        private const int FirstBuiltInName = 0x10000 - 860;
        private const int MscorlibName = 0xFCD2;
        private const int ThreadingName = 0xFE28;

        // "NFMRK1", NUL, NUL: an assembly of nanoFramework 1.x.
        private const uint MarkerLow = 0x524D464E;
        private const uint MarkerHigh = 0x0000314B;

        private readonly byte[] _header = new byte[HeaderLength];
        private readonly string _path;
        private readonly int _size;
        private readonly ClrRuntime _runtime;
        private int _at;
        private int _next;
        private bool _waits;

        internal AppImage(string path, int size, ClrRuntime runtime)
        {
            _path = path;
            _size = size;
            _runtime = runtime;
        }

        /// <summary>Loads all assemblies; a file that is whole and cannot be read now is waited for, up to 30 s.</summary>
        /// <returns>False when the file is not made of assemblies, or cannot be read.</returns>
        /// <exception cref="System.Exception">The CLR refuses one of them.</exception>
        internal bool Load()
        {
            _waits = true;
            while (_next < _size)
            {
                if (!MoveNext())
                {
                    return false;
                }

                byte[] assembly = new byte[Length];
                if (!Get(0, assembly, assembly.Length))
                {
                    return false;
                }

                _runtime.Load(assembly);
            }

            return true;
        }

        /// <summary>Judges all assemblies of a file whose hash has been found right.</summary>
        internal ResultCode Check(string version, byte[] buffer)
        {
            string known = "|";
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
                    if (!Get((int)at, buffer, ReferenceLength))
                    {
                        return ResultCode.ImageMalformed;
                    }

                    string wanted = GetVersion(buffer, 4);
                    string name = ReadName((ushort)Bytes.GetUInt32(buffer, 0), buffer);
                    if (known.IndexOf("|" + name + "," + wanted + "|") < 0 && !_runtime.Has(name, wanted))
                    {
                        return ResultCode.ReferenceMissing;
                    }
                }

                own = GetVersion(_header, 28);
                known += ReadName((ushort)Bytes.GetUInt32(_header, 36), buffer) + "," + own + "|";
                own += "." + (int)(ushort)Bytes.GetUInt32(_header, 32);
            }

            return own == version ? ResultCode.None : ResultCode.ImageVersionMismatch;
        }

        private int Length => (int)Bytes.GetUInt32(_header, 100);

        // Reads the next header; false where there is no whole assembly.
        private bool MoveNext()
        {
            _at = _next;
            bool whole = Get(0, _header, HeaderLength) && Bytes.GetUInt32(_header, 0) == MarkerLow && Bytes.GetUInt32(_header, 4) == MarkerHigh
                && Length >= HeaderLength && Length <= _size - _at;
            _next = _at + ((Length + 3) & ~3);
            return whole;
        }

        // Empty when there is none. A built-in name that no library has stands for itself: another assembly of the file may have it.
        private string ReadName(int index, byte[] buffer)
        {
            if (index >= FirstBuiltInName)
            {
                return index == MscorlibName ? "mscorlib" : index == ThreadingName ? "System.Threading" : "#" + index.ToString();
            }

            int at = (int)Bytes.GetUInt32(_header, 84) + index;
            int count = _size - _at - at < MaxName ? _size - _at - at : MaxName;
            int length = 0;
            if (count > 0 && Get(at, buffer, count))
            {
                while (length < count && buffer[length] != 0)
                {
                    length++;
                }
            }

            return Encoding.UTF8.GetString(buffer, 0, length);
        }

        private bool Get(int at, byte[] buffer, int count)
        {
            int waited = 0;
            while (!FileRecordStore.Use(_path, FileMode.Open, _at + at, buffer, count))
            {
                if (!_waits || !Reaches(_at + at + count) || ++waited > AppFolders.UnreadableSeconds)
                {
                    return false;
                }

                // Somebody else has it open, or its drive fails: no verdict on the application.
                Thread.Sleep(1000);
            }

            return true;
        }

        private bool Reaches(int end)
        {
            try
            {
                return File.Exists(_path) && new FileInfo(_path).Length >= end;
            }
            catch (Exception)
            {
                return false;
            }
        }

        // a.b
        private static string GetVersion(byte[] b, int at)
        {
            return (int)(ushort)Bytes.GetUInt32(b, at) + "." + (int)(ushort)Bytes.GetUInt32(b, at + 2);
        }
    }
}
