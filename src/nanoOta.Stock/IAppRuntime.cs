// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>
    /// What the loader asks of the runtime below it. <see cref="ClrRuntime"/> is the device's; tests and the virtual device, which
    /// do not run applications, have their own.
    /// </summary>
    public interface IAppRuntime
    {
        /// <summary>What ended the application's entry point; null while it runs or once it has returned.</summary>
        System.Exception Fault { get; }

        /// <summary>The managed heap that is free.</summary>
        /// <returns>Bytes.</returns>
        int FreeHeap();

        /// <summary>Whether the loader's own deployment has an assembly. What <see cref="Load"/> has loaded does not count.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="major">First number of its version.</param>
        /// <param name="minor">Second number of its version; the others do not matter to the CLR.</param>
        /// <returns>True when it has.</returns>
        bool Has(string name, int major, int minor);

        /// <summary>Loads an assembly, after those that it refers to.</summary>
        /// <param name="assembly">The whole of it. It must stay as it is: the CLR runs it in place.</param>
        /// <returns>False when the CLR refuses it.</returns>
        bool Load(byte[] assembly);

        /// <summary>Starts the application, the assembly loaded last: its <c>static void Main()</c>, on a thread of its own.</summary>
        /// <returns>False when there is none.</returns>
        bool Start();
    }
}
