namespace System.Net
{
    /// <summary>An answer to a <see cref="WebRequest"/>.</summary>
    public abstract class WebResponse : MarshalByRefObject, IDisposable
    {
        /// <summary>Bytes of the body.</summary>
        public virtual long ContentLength
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>The type of the body.</summary>
        public virtual string ContentType
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>The headers.</summary>
        public virtual WebHeaderCollection? Headers => throw new NotSupportedException();

        /// <summary>Where it came from.</summary>
        public virtual Uri ResponseUri => throw new NotSupportedException();

        /// <summary>The body.</summary>
        public virtual Stream GetResponseStream() => throw new NotSupportedException();

        /// <summary>Releases the connection.</summary>
        public virtual void Close()
        {
        }

        /// <summary>The same as <see cref="Close"/>.</summary>
        public void Dispose() => Close();
    }
}
