// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Runtime.CompilerServices;

// The tool judges bundles by the reader that devices have.
[assembly: InternalsVisibleTo("nanoOta.VirtualDevice")]
[assembly: InternalsVisibleTo("nanoOta.Tests")]
