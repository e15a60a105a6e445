// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("nanoOta.VirtualDevice")]
[assembly: InternalsVisibleTo("nanoOta.Tests")]
