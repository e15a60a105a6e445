extern alias StandIns;

using System.Security.Cryptography;
using System.Text;
using nanoOta.VirtualDevice;
using nanoOta.VirtualDevice.Cloud;
using nanoOta.VirtualDevice.Flash;
using StandIns::nanoOta.StandIns;

namespace nanoOta.Mcu.Tests
{
    /// <summary>A module alone, without an agent, and blocks on a flash that its power can be cut at.</summary>
    internal static class ComponentBench
    {
        public const int BlockLength = 4096;

        public static ManifestComponent Component(string id, string version, byte[] image)
        {
            return new ManifestComponent { Id = id, Version = SemanticVersion.Parse(version), Size = image.Length, Sha256 = SHA256.HashData(image) };
        }

        public static UpdateManifest Manifest(string version, params ManifestComponent[] components)
        {
            return new UpdateManifest { Version = SemanticVersion.Parse(version), Components = components };
        }

        public static byte[] Digest(string version) => SHA256.HashData(Encoding.UTF8.GetBytes(version));

        /// <summary>Writes an image to the idle place.</summary>
        public static ResultCode Prepare(UpdateModule module, ManifestComponent component, byte[] image, int offset = 0)
        {
            ResultCode code = module.Check(component);
            code = code == ResultCode.None ? module.Prepare(component, offset) : code;
            for (int at = offset; at < image.Length && code == ResultCode.None; at += BlockLength)
            {
                byte[] block = image[at..Math.Min(image.Length, at + BlockLength)];
                code = module.Write(block, block.Length);
            }

            return code == ResultCode.None ? module.Verify(Manifest("1.0.0", component), new byte[BlockLength]) : code;
        }

        /// <summary>Prepares, activates and reboots an image.</summary>
        public static ResultCode Try(UpdateModule module, string id, string version, byte[] image)
        {
            ManifestComponent component = Component(id, version, image);
            ResultCode code = Prepare(module, component, image);
            code = code == ResultCode.None ? End(() => module.Activate(Manifest(version, component), Digest(version))) : code;
            return code == ResultCode.None ? End(module.Reboot) : code;
        }

        /// <summary>Calls until it is not pending.</summary>
        public static ResultCode End(Func<ResultCode> step)
        {
            for (int i = 0; i < 100_000; i++)
            {
                ResultCode code = step();
                if (code != ResultCode.Pending)
                {
                    return code;
                }

                (DeviceClock.Current as VirtualClock)?.Skip(1);
            }

            throw new InvalidOperationException("It never ends.");
        }

        public static ModuleStatus StatusOf(UpdateModule module)
        {
            var status = new ModuleStatus();
            module.GetStatus(status);
            return status;
        }

        public static byte[] Bytes(int count, int seed)
        {
            var bytes = new byte[count];
            new Random(seed).NextBytes(bytes);
            return bytes;
        }
    }

    /// <summary>A NOR flash as a block device, without a bus between.</summary>
    internal sealed class FlashBlocks(NorFlash flash) : IBlockDevice
    {
        public int Size => flash.Size;

        public int EraseLength { get; init; } = NorFlash.BlockLength;

        /// <summary>Whether programming at an offset fails, and changes nothing.</summary>
        public Func<int, bool> ProgramFails { get; init; } = _ => false;

        /// <summary>Whether an offset cannot be read now.</summary>
        public Func<int, bool> ReadFails { get; init; } = _ => false;

        /// <summary>What was erased: offset and length.</summary>
        public List<(int Offset, int Count)> Erased { get; } = [];

        public ResultCode Read(int offset, byte[] buffer, int start, int count)
        {
            if (ReadFails(offset))
            {
                return ResultCode.FlashFailed;
            }

            flash.Read(offset, buffer.AsSpan(start, count));
            return ResultCode.None;
        }

        public ResultCode Program(int offset, byte[] buffer, int start, int count)
        {
            if (ProgramFails(offset))
            {
                return ResultCode.FlashFailed;
            }

            flash.Program(offset, buffer.AsSpan(start, count));
            return flash.Read(offset, count).AsSpan().SequenceEqual(buffer.AsSpan(start, count)) ? ResultCode.None : ResultCode.FlashFailed;
        }

        public ResultCode Erase(int offset, int count)
        {
            Erased.Add((offset, count));
            for (int at = offset; at < offset + count; at += NorFlash.BlockLength)
            {
                flash.Erase(at);
            }

            return ResultCode.None;
        }
    }
}
