// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System.Reflection;
using System.Runtime.CompilerServices;

// Rises with every change of a native method; targets/ carries the same number.
[assembly: AssemblyNativeVersion("100.0.0.4")]

// The virtual device keeps the same slot record and has it read by the code that ships.
[assembly: InternalsVisibleTo("nanoOta.VirtualDevice")]
[assembly: InternalsVisibleTo("nanoOta.Tests")]
