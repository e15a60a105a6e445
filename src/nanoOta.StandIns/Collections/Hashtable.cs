namespace System.Collections
{
    /// <summary>
    /// Values by keys, as the device has it: enumerated are <see cref="DictionaryEntry"/> objects, and nobody notices a change
    /// meanwhile. In what order is nobody's business; here it is that of adding, so that runs can be repeated.
    /// </summary>
    public class Hashtable : ICloneable, IDictionary
    {
        private readonly OrderedDictionary<object, object?> _values = [];

        /// <summary>An empty table.</summary>
        public Hashtable()
        {
        }

        /// <summary>An empty table with room.</summary>
        /// <param name="capacity">0 or more.</param>
        public Hashtable(int capacity)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        }

        /// <summary>An empty table with room.</summary>
        /// <param name="capacity">0 or more.</param>
        /// <param name="loadFactor">0.1 to 1.</param>
        public Hashtable(int capacity, float loadFactor)
            : this(capacity)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(loadFactor, 0.1f);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(loadFactor, 1f);
        }

        /// <inheritdoc/>
        public int Count => _values.Count;

        /// <inheritdoc/>
        public bool IsFixedSize => false;

        /// <inheritdoc/>
        public bool IsReadOnly => false;

        /// <inheritdoc/>
        public bool IsSynchronized => false;

        /// <inheritdoc/>
        public ICollection Keys => new ArrayList(_values.Keys);

        /// <inheritdoc/>
        public object SyncRoot => this;

        /// <inheritdoc/>
        public ICollection Values => new ArrayList(_values.Values);

        /// <inheritdoc/>
        public object? this[object key]
        {
            get => _values.GetValueOrDefault(key);
            set => _values[key] = value;
        }

        /// <inheritdoc/>
        public void Add(object key, object? value) => _values.Add(key, value);

        /// <inheritdoc/>
        public void Clear() => _values.Clear();

        /// <summary>A table of its own with the same values.</summary>
        public object Clone()
        {
            Hashtable copy = [];
            foreach ((object key, object? value) in _values)
            {
                copy.Add(key, value);
            }

            return copy;
        }

        /// <inheritdoc/>
        public bool Contains(object key) => _values.ContainsKey(key);

        /// <summary>Copies the entries.</summary>
        public void CopyTo(Array array, int arrayIndex)
        {
            foreach (DictionaryEntry entry in this)
            {
                array.SetValue(entry, arrayIndex++);
            }
        }

        /// <summary>The entries.</summary>
        public IEnumerator GetEnumerator()
        {
            return _values.Select(pair => new DictionaryEntry(pair.Key, pair.Value)).ToList().GetEnumerator();
        }

        /// <inheritdoc/>
        public void Remove(object key) => _values.Remove(key);
    }
}
