// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Reflection;
using System.Threading;

namespace nanoOta
{
    /// <summary>
    /// What the loader asks of the CLR, as far as managed code can reach it. On a PC, where no application runs, its methods are
    /// overridden.
    /// </summary>
    public class ClrRuntime
    {
        private string _loaded = "|";
        private Assembly _application;
        private MethodInfo _main;

        /// <summary>What ended the application's entry point; null while it runs or once it has returned.</summary>
        public Exception Fault;

        /// <summary>The managed heap that is free.</summary>
        /// <returns>Bytes.</returns>
        public virtual int FreeHeap()
        {
            return (int)nanoFramework.Runtime.Native.GC.Run(true);
        }

        /// <summary>Whether the loader's own deployment has an assembly. What <see cref="Load"/> has loaded does not count.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="version">The first two numbers of its version, a.b; the others do not matter to the CLR.</param>
        /// <returns>True when it has.</returns>
        public virtual bool Has(string name, string version)
        {
            // The CLR does not tell its own assemblies from those that were loaded into it.
            if (_loaded.IndexOf("|" + name + "|") >= 0)
            {
                return false;
            }

            try
            {
                Version own = Assembly.Load(name).GetName().Version;
                return own.Major + "." + own.Minor == version;
            }
            catch (Exception)
            {
                // This is how the CLR says that there is none.
                return false;
            }
        }

        /// <summary>Loads an assembly, after those that it refers to.</summary>
        /// <param name="assembly">The whole of it. It must stay as it is: the CLR runs it in place.</param>
        /// <exception cref="ArgumentException">The CLR finds it damaged: the checksum of its header or of its body does not agree.</exception>
        /// <exception cref="Exception">It refers to what is not there, or there is no memory for it.</exception>
        public virtual void Load(byte[] assembly)
        {
            _application = Assembly.Load(assembly);
            _loaded += _application.GetName().Name + "|";
        }

        /// <summary>Starts the application, the assembly loaded last: its <c>static void Main()</c>, on a thread of its own.</summary>
        /// <returns>False when there is none.</returns>
        public virtual bool Start()
        {
            foreach (Type type in _application.GetTypes())
            {
                _main = type.GetMethod("Main", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic);
                if (_main != null)
                {
                    new Thread(Run).Start();
                    return true;
                }
            }

            return false;
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
