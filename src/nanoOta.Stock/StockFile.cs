// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;

namespace nanoOta
{
    /// <summary>
    /// Files as updates need them: each call opens, does one thing and closes, because on ESP32 only closing makes a change
    /// durable. A failure is false, whatever the file system calls it.
    /// </summary>
    internal static class StockFile
    {
        internal static bool Read(string path, int at, byte[] buffer, int count)
        {
            try
            {
                using (FileStream file = new FileStream(path, FileMode.Open, FileAccess.Read))
                {
                    file.Seek(at, SeekOrigin.Begin);
                    return file.Read(buffer, 0, count) == count;
                }
            }
            catch (Exception)
            {
                return false;
            }
        }

        /// <summary>Writes at a place that is not beyond the file's end; an end behind what is written stays.</summary>
        internal static bool Write(string path, int at, byte[] buffer, int count)
        {
            try
            {
                using (FileStream file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite))
                {
                    file.Seek(at, SeekOrigin.Begin);
                    file.Write(buffer, 0, count);
                    return true;
                }
            }
            catch (Exception)
            {
                return false;
            }
        }

        /// <summary>Makes a file end at a length that it has reached.</summary>
        internal static bool Cut(string path, int length)
        {
            try
            {
                using (FileStream file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite))
                {
                    bool reached = file.Length >= length;
                    if (file.Length > length)
                    {
                        file.SetLength(length);
                    }

                    return reached;
                }
            }
            catch (Exception)
            {
                return false;
            }
        }

        internal static bool Delete(string path)
        {
            try
            {
                File.Delete(path);
                return true;
            }
            catch (Exception)
            {
                return false;
            }
        }
    }
}
