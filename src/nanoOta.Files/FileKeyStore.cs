// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;

namespace nanoOta
{
    /// <summary>
    /// Keeps a list of trusted keys in two files, written in turn: of those that are whole the newer one counts. So it does not
    /// depend on what the file system promises: littlefs replaces a file's content at once or not at all, FAT does not.
    /// </summary>
    public sealed class FileKeyStore : IKeyStore
    {
        // A checksum of what follows it, and a number that rises with each write; both little-endian.
        private const int HeaderLength = 8;

        private readonly string _path;

        /// <summary>Makes a store.</summary>
        /// <param name="path">The path that both files' names begin with, for example <c>I:\keys</c>: <c>I:\keys.0</c>, <c>I:\keys.1</c>.</param>
        public FileKeyStore(string path)
        {
            _path = path;
        }

        /// <inheritdoc/>
        public byte[] Read()
        {
            byte[] file = Newest(out _);
            if (file == null)
            {
                return null;
            }

            byte[] document = new byte[file.Length - HeaderLength];
            Array.Copy(file, HeaderLength, document, 0, document.Length);
            return document;
        }

        /// <inheritdoc/>
        public bool Write(byte[] document, int length)
        {
            byte[] newest = Newest(out int place);
            byte[] file = new byte[HeaderLength + length];
            Array.Copy(document, 0, file, HeaderLength, length);
            Bytes.PutUInt32(file, 4, newest == null ? 1 : Bytes.GetUInt32(newest, 4) + 1);
            Bytes.PutUInt32(file, 0, Checksum(file));
            try
            {
                File.WriteAllBytes(PathOf(1 - place), file);
            }
            catch (Exception)
            {
                // What the native half reports is no IOException on a device.
                return false;
            }

            return Bytes.Equal(ReadWhole(1 - place), file);
        }

        // The newest file that is whole, and which one that is; without one, null.
        private byte[] Newest(out int place)
        {
            byte[] first = ReadWhole(0);
            byte[] second = ReadWhole(1);
            place = first == null || (second != null && Bytes.GetUInt32(second, 4) > Bytes.GetUInt32(first, 4)) ? 1 : 0;
            return place == 0 ? first : second;
        }

        private byte[] ReadWhole(int place)
        {
            string path = PathOf(place);
            try
            {
                // What somebody else put there may be of any length.
                if (!File.Exists(path) || new FileInfo(path).Length > HeaderLength + Jws.MaxLength)
                {
                    return null;
                }

                byte[] file = File.ReadAllBytes(path);
                return file.Length > HeaderLength && Bytes.GetUInt32(file, 0) == Checksum(file) ? file : null;
            }
            catch (Exception)
            {
                // A file that cannot be read is not whole.
                return null;
            }
        }

        private string PathOf(int place)
        {
            return _path + (place == 0 ? ".0" : ".1");
        }

        private static uint Checksum(byte[] file)
        {
            byte[] guarded = new byte[file.Length - 4];
            Array.Copy(file, 4, guarded, 0, guarded.Length);
            return Crc.Of(guarded, guarded.Length);
        }
    }
}
