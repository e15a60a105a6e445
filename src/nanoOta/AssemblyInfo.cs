// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Runtime.CompilerServices;

// What packages of this library share without offering it: CRC-32 and byte helpers.
[assembly: InternalsVisibleTo("nanoOta.Native")]
[assembly: InternalsVisibleTo("nanoOta.Files")]
[assembly: InternalsVisibleTo("nanoOta.Delta")]
[assembly: InternalsVisibleTo("nanoOta.Encryption")]
[assembly: InternalsVisibleTo("nanoOta.Components")]
[assembly: InternalsVisibleTo("nanoOta.Mcu")]
[assembly: InternalsVisibleTo("nanoOta.Mcu.Tests")]
[assembly: InternalsVisibleTo("nanoOta.Http")]
[assembly: InternalsVisibleTo("nanoOta.Offline")]
[assembly: InternalsVisibleTo("nanoOta.Azure")]
[assembly: InternalsVisibleTo("nanoOta.DeviceUpdate")]
[assembly: InternalsVisibleTo("nanoOta.DeviceUpdate.RootKeys")]
[assembly: InternalsVisibleTo("nanoOta.Stock")]
[assembly: InternalsVisibleTo("nanoOta.VirtualDevice")]
[assembly: InternalsVisibleTo("nanoOta.Tests")]
