// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;

namespace nanoOta
{
    /// <summary>
    /// Records in two files that are written in turn: the one before stays whole, whatever becomes of the one being written. For the
    /// agent's journal, and for the record of <see cref="AppFolders"/>.
    /// </summary>
    public sealed class FileRecordStore : IRecordStore
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
            return Use(_path + index, FileMode.Open, 0, record, record.Length);
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
        /// <param name="mode">Open to read; otherwise to write, or without a buffer to end the file here.</param>
        /// <param name="at">Where, not beyond the file's end.</param>
        /// <param name="buffer">The bytes, from index 0 on.</param>
        /// <param name="count">How many.</param>
        /// <returns>False when it fails, whatever the file system calls it.</returns>
        internal static bool Use(string path, FileMode mode, int at, byte[] buffer, int count)
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
