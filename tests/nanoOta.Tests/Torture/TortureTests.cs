using nanoOta.VirtualDevice.Images;
using nanoOta.VirtualDevice.Torture;

namespace nanoOta.Tests.Torture
{
    public class TortureTests
    {
        public static TheoryData<string, string> All
        {
            get
            {
                var all = new TheoryData<string, string>();
                foreach (Story story in Stories.All)
                {
                    foreach (FlashLayout layout in FlashLayouts.All.Where(l => !story.NeedsFirmwareSlots || l.Table.Find("ota_1") != null))
                    {
                        all.Add(story.Name, layout.Name);
                    }
                }

                return all;
            }
        }

        [Theory]
        [MemberData(nameof(All))]
        public void A_device_survives_every_cut(string story, string layout)
        {
            TortureResult result = new Campaign(Stories.All.First(s => s.Name == story), FlashLayouts.Find(layout)!).Run(pairs: 20, seed: 1);
            Console.WriteLine($"{story} {layout}: {string.Join(' ', result.Points.Select(p => $"{p.Key}={p.Value}"))} cuts={result.Cuts} failures={result.Failures.Count}");
            Assert.True(result.Failures.Count == 0, string.Join("\n\n", result.Failures.Take(2).Select(f => $"{string.Join(", ", f.Cuts)}: {f.Finding}\n{string.Join("\n", f.Log)}")));
            Assert.Empty(result.Missing);
        }
    }
}
