using nanoOta.VirtualDevice.Flash;
using nanoOta.VirtualDevice.Images;

namespace nanoOta.VirtualDevice.Boot
{
    /// <summary>
    /// ESP-IDF's second-stage bootloader, rollback enabled, as far as it chooses what boots (bootloader_utility.c of 5.5): a
    /// trial that was booted once is given up, a new one becomes a trial, and an image that is not whole is passed over.
    /// </summary>
    public static class Bootloader
    {
        /// <summary>Chooses the firmware that boots.</summary>
        /// <param name="flash">The flash.</param>
        /// <param name="slots">Where the application images lie: the OTA slots in order, or the factory one alone.</param>
        /// <param name="otaData">otadata; null: there is none, and the factory image boots.</param>
        /// <returns>The index of the slot; -1 when no image is whole.</returns>
        public static int Choose(NorFlash flash, IReadOnlyList<Partition> slots, OtaData? otaData)
        {
            int first = 0;
            bool initial = false;
            if (otaData != null)
            {
                OtaEntry[] entries = [otaData[0], otaData[1]];
                Settle(otaData, entries);
                int active = OtaData.ActiveOf(entries);
                if (active >= 0)
                {
                    first = otaData.SlotOf(entries[active]);
                    if (entries[active].State == OtaState.New)
                    {
                        otaData.Write(active, entries[active] with { State = OtaState.PendingVerify });
                    }
                }

                // It is made anew where neither entry holds anything; not where one is merely torn.
                initial = entries.All(entry => entry.IsPassedOver) && !entries.Any(entry => entry.IsWhole);
            }

            // The chosen one, then those below it, then those above it.
            int[] order = [first, .. Enumerable.Range(0, first).Reverse(), .. Enumerable.Range(first + 1, slots.Count - first - 1)];
            foreach (int slot in order)
            {
                if (IsWhole(flash, slots[slot]))
                {
                    if (initial)
                    {
                        otaData!.Write(0, (uint)slot + 1, OtaState.Valid);
                    }

                    return slot;
                }
            }

            return -1;
        }

        /// <summary>Whether a slot holds an image that the bootloader would start.</summary>
        public static bool IsWhole(NorFlash flash, Partition slot)
        {
            return EspImage.ReadSlot(flash.ReadUsed((int)slot.Offset, (int)slot.Size)).Sound;
        }

        // What was booted once and not confirmed is given up, also where it does not count.
        private static void Settle(OtaData otaData, OtaEntry[] entries)
        {
            for (int i = 0; i < entries.Length; i++)
            {
                if (entries[i].State == OtaState.PendingVerify)
                {
                    entries[i] = entries[i] with { State = OtaState.Aborted };
                    otaData.Write(i, entries[i]);
                }
            }
        }
    }
}
