namespace System.Collections
{
    /// <summary>A key and its value; a class on the device.</summary>
    public class DictionaryEntry(object key, object? value)
    {
        /// <summary>The key.</summary>
        public object Key = key;

        /// <summary>The value.</summary>
        public object? Value = value;
    }
}
