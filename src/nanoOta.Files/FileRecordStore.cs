// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;

namespace nanoOta
{
    /// <summary>
    /// Records in two files that are written in turn: the one before stays whole, whatever becomes of the one being written. For a
    /// <see cref="DurableRecord"/> on a board with a file system: that of a module of your own, or the agent's journal.
    /// </summary>
    /// <remarks>nanoOta.Stock is compiled with this file, too, so that a device with unmodified firmware need not load nanoOta.Files for it.</remarks>
    sealed partial class FileRecordStore : IRecordStore
    {
        private readonly string _path;

        /// <summary>Names the files; they are made when first written.</summary>
        /// <param name="path">Full path in a folder that is there; a digit is added, for example <c>I:\nanoota\journal</c>.</param>
        public FileRecordStore(string path)
        {
            _path = path;
        }

        /// <inheritdoc/>
        public int Count => 2;

        /// <inheritdoc/>
        public bool Read(int index, byte[] record)
        {
            string path = _path + index;
            Array.Clear(record, 0, record.Length);
            try
            {
                // Where there is no drive (yet), only Directory.Exists says so, by an exception; File.Exists has none. A file that is not
                // there was never written, and one that is too short not to its end.
                if (!Directory.Exists(path) && File.Exists(path))
                {
                    using (FileStream file = new FileStream(path, FileMode.Open))
                    {
                        file.Read(record, 0, record.Length);
                    }
                }

                return true;
            }
            catch (Exception)
            {
                return false;
            }
        }

        /// <inheritdoc/>
        public bool Write(int index, byte[] record)
        {
            return Use(_path + index, FileMode.OpenOrCreate, 0, record, record.Length);
        }

        /// <summary>
        /// What updates need of files: opens, does one thing and closes, because on ESP32 only closing makes a change durable.
        /// </summary>
        /// <param name="path">The file.</param>
        /// <param name="mode"><see cref="FileMode.Open"/> to read; <see cref="FileMode.OpenOrCreate"/> to write, or without a buffer to end the file there.</param>
        /// <param name="at">Where, in bytes, not beyond the file's end.</param>
        /// <param name="buffer">The bytes, from index 0 on; null: none.</param>
        /// <param name="count">How many.</param>
        /// <returns>False when it fails, whatever the file system calls it, or the file does not reach so far.</returns>
        public static bool Use(string path, FileMode mode, int at, byte[] buffer, int count)
        {
            try
            {
                using (FileStream file = new FileStream(path, mode))
                {
                    if (file.Length < at)
                    {
                        return false;
                    }

                    file.Position = at;
                    if (mode == FileMode.Open)
                    {
                        return file.Read(buffer, 0, count) == count;
                    }

                    if (buffer == null)
                    {
                        file.SetLength(at);
                    }
                    else
                    {
                        file.Write(buffer, 0, count);
                    }
                }

                return true;
            }
            catch (Exception)
            {
                return false;
            }
        }
    }
}
