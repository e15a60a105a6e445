using System.Formats.Cbor;
using nanoOta.VirtualDevice.Flash;

namespace nanoOta.VirtualDevice.Mcu
{
    // What its bootloader does with each request; its application, where that speaks SMP.
    public sealed partial class McubootMcu
    {
        private byte[] Handle(int operation, int group, int command, byte[] body)
        {
            Requested?.Invoke(group, command);
            if (Flash.IsOff)
            {
                return [];
            }

            int refused = Refuse?.Invoke(group, command) ?? 0;
            return refused != 0 ? Code(refused) : (group, command) switch
            {
                (1, 0) when operation == 0 => List(),
                (1, 0) => Mark(body),
                (1, 1) when Mode == McuMode.Recovery => Upload(body),
                (0, 0) => Echo(body),
                (0, 5) => Again(),
                _ => Code(8),
            };
        }

        private byte[] List()
        {
            return SmpConsole.Map(map =>
            {
                map.WriteTextString("images");
                map.WriteStartArray(null);
                for (int slot = 0; slot < 2; slot++)
                {
                    if (VersionIn(slot) is not { } version)
                    {
                        continue;
                    }

                    map.WriteStartMap(null);
                    if (HasDirectUpload)
                    {
                        bool confirmed = slot == 0 ? !_isTried || IsSet(0, ImageOk) : _isTried;
                        foreach (string flag in new[] { "bootable", confirmed ? "confirmed" : "", slot == 0 ? "active" : "", slot == 1 && IsSet(1, Pending) ? "pending" : "" })
                        {
                            if (flag.Length > 0)
                            {
                                map.WriteTextString(flag);
                                map.WriteBoolean(true);
                            }
                        }
                    }

                    map.WriteTextString("slot");
                    map.WriteInt32(slot);
                    map.WriteTextString("version");
                    map.WriteTextString(version);
                    map.WriteEndMap();
                }

                map.WriteEndArray();
            });
        }

        // In the bootloader: which image the next start tries. In the application: that the one which runs may stay.
        private byte[] Mark(byte[] body)
        {
            if (!HasDirectUpload)
            {
                return Code(8);
            }

            bool confirm = SmpConsole.Read(body, "confirm") is true;
            if (Mode == McuMode.Application && confirm)
            {
                Set(0, ImageOk);
            }
            else
            {
                Set(1, Pending);
                if (confirm)
                {
                    Set(1, Permanent);
                }
            }

            return List();
        }

        private byte[] Upload(byte[] body)
        {
            if (SmpConsole.Read(body, "off") is not long offset || SmpConsole.Read(body, "data") is not byte[] data)
            {
                return Code(3);
            }

            if (offset == 0)
            {
                long image = SmpConsole.Read(body, "image") as long? ?? 0;
                long size = SmpConsole.Read(body, "len") as long? ?? long.MaxValue;
                if (image > (HasDirectUpload ? 2 : 0) || size > _slotLength)
                {
                    return Code(3);
                }

                _uploadSlot = image == 2 ? 1 : 0;
                _expected = 0;
                _uploadSize = (int)size;
                if (!ErasesProgressively)
                {
                    Erase(0, _slotLength);
                }
            }
            else if (offset != _expected)
            {
                return Answer(_expected);
            }

            if (_expected + data.Length > _uploadSize)
            {
                return Code(3);
            }

            if (ErasesProgressively)
            {
                int from = (_expected + NorFlash.BlockLength - 1) / NorFlash.BlockLength * NorFlash.BlockLength;
                Erase(from, (_expected + data.Length + NorFlash.BlockLength - 1) / NorFlash.BlockLength * NorFlash.BlockLength - from);
            }

            for (int done = 0; done < data.Length;)
            {
                int at = _uploadSlot * _slotLength + _expected + done;
                int count = Math.Min(data.Length - done, NorFlash.BlockLength - at % NorFlash.BlockLength);
                Flash.Program(at, data.AsSpan(done, count));
                done += count;
            }

            _expected += data.Length;
            if (_expected == _uploadSize && ErasesProgressively)
            {
                // The trailer's sector, unless the image reaches into it.
                int trailer = _slotLength - NorFlash.BlockLength;
                Erase(trailer, _expected <= trailer ? NorFlash.BlockLength : 0);
            }

            return Answer(_expected);
        }

        private void Erase(int from, int count)
        {
            for (int at = from; at < from + count; at += NorFlash.BlockLength)
            {
                Flash.Erase(_uploadSlot * _slotLength + at);
            }
        }

        private static byte[] Echo(byte[] body)
        {
            return SmpConsole.Read(body, "d") is string text ? SmpConsole.Map(map =>
            {
                map.WriteTextString("r");
                map.WriteTextString(text);
            }) : Code(3);
        }

        private byte[] Again()
        {
            _console.AfterAnswer = () => Start(false);
            return Code(0);
        }

        private static byte[] Answer(int offset)
        {
            return SmpConsole.Map(map =>
            {
                map.WriteTextString("rc");
                map.WriteInt32(0);
                map.WriteTextString("off");
                map.WriteInt32(offset);
            });
        }

        private static byte[] Code(int code)
        {
            return SmpConsole.Map(map =>
            {
                map.WriteTextString("rc");
                map.WriteInt32(code);
            });
        }
    }
}
