// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using System;
using nanoFramework.TestFramework;

namespace nanoOta.DeviceTests
{
    [TestClass]
    public class VersionTests
    {
        // In the order that Semantic Versioning 2.0.0 gives as its example, and some more.
        private static readonly string[] s_rising =
        {
            "0.9.10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "4294967296.0.0",
        };

        [TestMethod]
        public void Precedence_is_that_of_semantic_versioning()
        {
            for (int i = 0; i < s_rising.Length; i++)
            {
                for (int j = 0; j < s_rising.Length; j++)
                {
                    int order = SemanticVersion.Parse(s_rising[i]).CompareTo(SemanticVersion.Parse(s_rising[j]));
                    Assert.AreEqual(i < j ? -1 : i > j ? 1 : 0, order < 0 ? -1 : order > 0 ? 1 : 0, s_rising[i] + " " + s_rising[j]);
                }
            }
        }

        [TestMethod]
        public void What_is_no_version_is_none()
        {
            string[] wrong = { null, string.Empty, "1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-a..b", "v1.0.0", "1.0.x", " 1.0.0" };
            for (int i = 0; i < wrong.Length; i++)
            {
                Assert.IsNull(SemanticVersion.Parse(wrong[i]), wrong[i]);
            }
        }

        [TestMethod]
        public void Files_and_assemblies_are_named_after_it()
        {
            Assert.AreEqual("v1_1_0-rc_2", SemanticVersion.Parse("1.1.0-rc.2+build.5").FileStem);
            Assert.AreEqual("1.2.3", SemanticVersion.FromAssembly(new Version(1, 2, 3, 4)));
            Assert.AreEqual("1.2.0", SemanticVersion.FromAssembly(new Version(1, 2)));
        }
    }
}
