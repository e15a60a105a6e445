// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using System.Reflection;
using nanoFramework.TestFramework;

namespace nanoOta.NanoClr
{
    // Compiled by run-on-nanoclr.sh together with the device tests and what they test.
    internal static class TestRunner
    {
        private static void Main()
        {
            Console.WriteLine("BEGIN");
            foreach (Type type in Assembly.GetExecutingAssembly().GetTypes())
            {
                foreach (MethodInfo method in type.GetMethods())
                {
                    if (IsTest(method))
                    {
                        Run(type, method);
                    }
                }
            }

            Console.WriteLine("END");
        }

        private static bool IsTest(MethodInfo method)
        {
            foreach (object attribute in method.GetCustomAttributes(true))
            {
                if (attribute is TestMethodAttribute)
                {
                    return true;
                }
            }

            return false;
        }

        private static void Run(Type type, MethodInfo method)
        {
            string name = type.Name + "." + method.Name;
            try
            {
                method.Invoke(type.GetConstructor(new Type[0]).Invoke(null), null);
                Console.WriteLine("passed " + name);
            }
            catch (Exception e)
            {
                Console.WriteLine("FAILED " + name + ": " + e.Message);
            }
        }
    }
}
