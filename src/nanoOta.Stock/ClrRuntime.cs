// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Reflection;
using System.Threading;

namespace nanoOta
{
    /// <summary>The CLR of the device, as far as managed code can reach it.</summary>
    public sealed class ClrRuntime : IAppRuntime
    {
        private string _loaded = "|";
        private Assembly _application;
        private MethodInfo _main;

        /// <inheritdoc/>
        public Exception Fault { get; private set; }

        /// <inheritdoc/>
        public int FreeHeap()
        {
            return (int)nanoFramework.Runtime.Native.GC.Run(true);
        }

        /// <inheritdoc/>
        public bool Has(string name, int major, int minor)
        {
            // The CLR does not tell its own assemblies from those that were loaded into it.
            if (_loaded.IndexOf("|" + name + "|") >= 0)
            {
                return false;
            }

            try
            {
                Assembly assembly = Assembly.Load(name);
                Version version = assembly == null ? new Version(0, 0) : assembly.GetName().Version;
                return assembly != null && version.Major == major && version.Minor == minor;
            }
            catch (Exception)
            {
                // This is how the CLR says that there is none.
                return false;
            }
        }

        /// <inheritdoc/>
        public bool Load(byte[] assembly)
        {
            try
            {
                // Null for damaged bytes, an exception for a reference that cannot be resolved.
                _application = Assembly.Load(assembly);
                if (_application != null)
                {
                    _loaded += _application.GetName().Name + "|";
                }
            }
            catch (Exception e)
            {
                Fault = e;
                _application = null;
            }

            return _application != null;
        }

        /// <inheritdoc/>
        public bool Start()
        {
            Type[] types = _application.GetTypes();
            for (int i = 0; i < types.Length && _main == null; i++)
            {
                _main = types[i].GetMethod("Main", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);
            }

            if (_main != null)
            {
                new Thread(Run).Start();
            }

            return _main != null;
        }

        private void Run()
        {
            try
            {
                _main.Invoke(null, null);
            }
            catch (Exception e)
            {
                Fault = e;
            }
        }
    }
}
