namespace System.Net
{
    /// <summary>A request for a URI.</summary>
    public abstract class WebRequest : MarshalByRefObject, IDisposable
    {
        /// <summary>Bytes of the body to send.</summary>
        public virtual long ContentLength
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>The type of the body to send.</summary>
        public virtual string? ContentType
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>The headers to send.</summary>
        public virtual WebHeaderCollection Headers
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>The method.</summary>
        public virtual string Method
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>What is asked for.</summary>
        public virtual Uri RequestUri => throw new NotSupportedException();

        /// <summary>Milliseconds.</summary>
        public virtual int Timeout
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>Makes a request.</summary>
        /// <exception cref="NotSupportedException">Neither http nor https.</exception>
        public static WebRequest Create(Uri requestUri)
        {
            if (requestUri is null)
            {
                throw new ArgumentNullException();
            }

            string uri = requestUri.AbsoluteUri.ToLowerInvariant();
            return uri.StartsWith("http:", StringComparison.Ordinal) || uri.StartsWith("https:", StringComparison.Ordinal)
                ? new HttpWebRequest(requestUri)
                : throw new NotSupportedException();
        }

        /// <inheritdoc cref="Create(Uri)"/>
        /// <exception cref="ArgumentException">Not a URI.</exception>
        public static WebRequest Create(string requestUriString) => Create(new Uri(requestUriString));

        /// <summary>A stream for the body to send.</summary>
        public virtual Stream GetRequestStream() => throw new NotSupportedException();

        /// <summary>Sends the request and waits for the head of the response.</summary>
        public virtual WebResponse GetResponse() => throw new NotSupportedException();

        /// <summary>Closes a connection that got no response.</summary>
        public void Dispose() => Dispose(true);

        /// <inheritdoc cref="Dispose()"/>
        protected virtual void Dispose(bool disposing)
        {
        }
    }
}
