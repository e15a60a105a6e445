// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    // Public here; in nanoOta.Stock it is internal, so that an application may refer to both packages.
    public sealed partial class FileRecordStore
    {
    }
}
