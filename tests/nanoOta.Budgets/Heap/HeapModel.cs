using System.Text;

namespace nanoOta.Budgets.Heap
{
    /// <summary>
    /// What things take in nanoCLR's managed heap, in bytes. It gives out blocks of 12: an object has one, and one for each field
    /// of whatever type; an array and a string have a header and their content.
    /// </summary>
    internal static class HeapModel
    {
        private const int Block = 12;
        private const int ArrayHeader = 20;
        private const int StringHeader = 12;

        // Measured with nanoCLR 1.17.
        private const int DelegateBlocks = 3;

        /// <summary>An object with so many fields, its bases' among them.</summary>
        public static int Object(int fields)
        {
            return Block * (1 + fields);
        }

        /// <summary>An array of so many elements of a type.</summary>
        public static int Array(Type element, int length)
        {
            return Blocks(ArrayHeader + length * ElementSize(element));
        }

        /// <summary>A string: UTF-8 with a zero at its end. One that lies in flash is counted as if it did not.</summary>
        public static int String(string text)
        {
            return Blocks(StringHeader + Encoding.UTF8.GetByteCount(text) + 1);
        }

        /// <summary>A delegate, without what it calls.</summary>
        public static int Delegate()
        {
            return DelegateBlocks * Block;
        }

        private static int Blocks(int bytes)
        {
            return (bytes + Block - 1) / Block * Block;
        }

        private static int ElementSize(Type type)
        {
            return Type.GetTypeCode(type) switch
            {
                TypeCode.Boolean or TypeCode.Byte or TypeCode.SByte => 1,
                TypeCode.Char or TypeCode.Int16 or TypeCode.UInt16 => 2,
                TypeCode.Int32 or TypeCode.UInt32 or TypeCode.Single => 4,
                TypeCode.Int64 or TypeCode.UInt64 or TypeCode.Double or TypeCode.DateTime => 8,
                _ => Block,
            };
        }
    }
}
