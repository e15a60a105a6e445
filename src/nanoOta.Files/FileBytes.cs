// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.IO;

namespace nanoOta
{
    /// <summary>Opens a file, does one thing and closes it, because on ESP32 only closing makes a change durable.</summary>
    internal static class FileBytes
    {
        /// <summary>Reads so many bytes.</summary>
        /// <returns>False when it fails, whatever the file system calls it.</returns>
        internal static bool Read(string path, int at, byte[] buffer, int count)
        {
            try
            {
                using (FileStream file = new FileStream(path, FileMode.Open))
                {
                    file.Position = at;
                    return file.Read(buffer, 0, count) == count;
                }
            }
            catch (Exception)
            {
                return false;
            }
        }

        /// <summary>Writes so many bytes, at the beginning as all that the file has.</summary>
        /// <returns>False when it fails, or the file does not reach so far.</returns>
        internal static bool Write(string path, int at, byte[] buffer, int count)
        {
            try
            {
                using (FileStream file = new FileStream(path, at == 0 ? FileMode.Create : FileMode.Open))
                {
                    if (file.Length < at)
                    {
                        return false;
                    }

                    file.Position = at;
                    file.Write(buffer, 0, count);
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
