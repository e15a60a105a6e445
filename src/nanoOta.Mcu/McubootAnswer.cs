// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

namespace nanoOta
{
    /// <summary>Reads the bodies of answers, which are hostile: an MCU may say anything, in any order, or more than once.</summary>
    internal static class McubootAnswer
    {
        /// <summary>What the answer says of the request, and a number in it.</summary>
        /// <param name="reader">At the body's beginning.</param>
        /// <param name="name">The number's name; null: none.</param>
        /// <param name="number">Receives the number if it is there.</param>
        /// <returns><see cref="ResultCode.None"/>, or <see cref="ResultCode.McuRefused"/>, also when the body is no map.</returns>
        internal static ResultCode Result(CborReader reader, string name, ref int number)
        {
            bool isRefused = false;
            int left = reader.Read() && reader.Kind == Cbor.Map ? reader.Value : 0;
            bool isMap = !reader.HasFailed && reader.Kind == Cbor.Map;
            while (reader.HasMore(ref left))
            {
                reader.Read();
                if (reader.Is("rc"))
                {
                    // Negative numbers are refusals, too.
                    reader.Read();
                    isRefused |= reader.Kind != Cbor.Unsigned || reader.Value != 0;
                }
                else if (reader.Is("err"))
                {
                    isRefused = true;
                    reader.Skip();
                }
                else if (name != null && reader.Is(name))
                {
                    number = reader.ReadNumber();
                }
                else
                {
                    reader.Skip();
                }
            }

            return isMap && !reader.HasFailed && !isRefused ? ResultCode.None : ResultCode.McuRefused;
        }

        /// <summary>Whether the list of images names this version in the slot that runs.</summary>
        /// <param name="reader">At the body's beginning.</param>
        /// <param name="version">The version, a.b.c.</param>
        /// <param name="number">The number of the image, for an MCU that has several.</param>
        internal static bool HasVersion(CborReader reader, string version, int number)
        {
            bool isFound = false;
            int left = reader.Read() && reader.Kind == Cbor.Map ? reader.Value : 0;
            while (reader.HasMore(ref left))
            {
                reader.Read();
                if (!reader.Is("images"))
                {
                    reader.Skip();
                    continue;
                }

                int images = reader.Read() && reader.Kind == Cbor.Array ? reader.Value : 0;
                while (reader.HasMore(ref images))
                {
                    isFound |= IsVersion(reader, version, number);
                }
            }

            return isFound && !reader.HasFailed;
        }

        private static bool IsVersion(CborReader reader, string version, int number)
        {
            int image = 0;
            int slot = -1;
            bool isSame = false;
            int left = reader.Read() && reader.Kind == Cbor.Map ? reader.Value : 0;
            while (reader.HasMore(ref left))
            {
                reader.Read();
                if (reader.Is("image"))
                {
                    image = reader.ReadNumber();
                }
                else if (reader.Is("slot"))
                {
                    slot = reader.ReadNumber();
                }
                else if (reader.Is("version"))
                {
                    reader.Read();
                    isSame = reader.IsVersion(version);
                }
                else
                {
                    reader.Skip();
                }
            }

            return isSame && slot == 0 && image == number;
        }
    }
}
