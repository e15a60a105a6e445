// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>The copies of a durable record in two files, written in turn.</summary>
    internal sealed class RecordFiles : IRecordStore
    {
        private readonly string _path;

        internal RecordFiles(string path)
        {
            _path = path;
        }

        public int Count => 2;

        public bool Read(int index, byte[] record)
        {
            return FileBytes.Read(_path + index, 0, record, record.Length);
        }

        public bool Write(int index, byte[] record)
        {
            return FileBytes.Write(_path + index, 0, record, record.Length);
        }
    }
}
