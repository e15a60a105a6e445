namespace System.Collections
{
    /// <summary>Values by keys, as the device declares it.</summary>
    public interface IDictionary : ICollection
    {
        /// <summary>Whether nothing can be added.</summary>
        bool IsFixedSize { get; }

        /// <summary>Whether nothing can be changed.</summary>
        bool IsReadOnly { get; }

        /// <summary>The keys.</summary>
        ICollection Keys { get; }

        /// <summary>The values.</summary>
        ICollection Values { get; }

        /// <summary>A value; null when there is none.</summary>
        object? this[object key] { get; set; }

        /// <summary>Adds a value.</summary>
        /// <exception cref="ArgumentException">The key is there already.</exception>
        void Add(object key, object? value);

        /// <summary>Removes everything.</summary>
        void Clear();

        /// <summary>Whether the key is there.</summary>
        bool Contains(object key);

        /// <summary>Removes a value, if it is there.</summary>
        void Remove(object key);
    }
}
