using System.Net.Sockets;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace nanoOta.Tool.Publishing
{
    /// <summary>What blob storage answers, as a sentence that says what to do. Its own messages can hold addresses with signatures.</summary>
    internal static class BlobFailure
    {
        private static readonly TimeSpan _skew = TimeSpan.FromMinutes(10);

        /// <summary>Does what may fail at the service.</summary>
        /// <param name="container">What the container is called.</param>
        /// <param name="work">The work.</param>
        /// <param name="stop">What ends it without being a failure.</param>
        /// <exception cref="Failure">It failed.</exception>
        public static async Task<T> Of<T>(string container, Func<Task<T>> work, CancellationToken stop)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (Exception e) when (Find(container, e, stop) is { } failure)
            {
                throw failure;
            }
        }

        // The client tries several times and then says what each try ended with: the last one counts.
        private static Failure? Find(string container, Exception e, CancellationToken stop)
        {
            return e switch
            {
                AggregateException all => all.Flatten().InnerExceptions.LastOrDefault() is { } last ? Find(container, last, stop) : null,
                AuthenticationFailedException => new Failure(ExitCode.Denied, $"no sign-in for {container} ({e.Message.Split('\n')[0].TrimEnd('.', '\r')}). Sign in with 'az login', or set NANOOTA_STORAGE to the account's connection string."),
                RequestFailedException refused => For(container, refused),
                OperationCanceledException => stop.IsCancellationRequested ? null : Broken(container, "it does not answer"),
                IOException or HttpRequestException or SocketException => Broken(container, e.Message),
                _ => null,
            };
        }

        private static Failure Broken(string container, string why)
        {
            return new Failure(ExitCode.Unreachable, $"the connection to {container} broke off ({why.TrimEnd('.')}). Run the command again: what is there already is not sent again.");
        }

        private static Failure For(string container, RequestFailedException e)
        {
            string said = $"{e.Status} {e.ErrorCode}".TrimEnd();
            if (e.Status is 401 or 403 && e.GetRawResponse()?.Headers.Date is { } date && (date - DateTimeOffset.UtcNow).Duration() > _skew)
            {
                return new Failure(ExitCode.ClockOff, $"this computer's clock differs from that of {container} by {(date - DateTimeOffset.UtcNow).Duration().TotalMinutes:F0} minutes: signatures with a time are refused. Set the clock.");
            }

            return e.Status switch
            {
                0 => new Failure(ExitCode.Unreachable, $"{container} cannot be reached. Check the network and the address, and run the command again: what is there already is not sent again."),
                401 or 403 => new Failure(ExitCode.Denied, $"{container} refuses access ({said}). Check the key or signature: is it whole, of this account, not expired, and may it write? Signed in to Entra, the role Storage Blob Data Contributor is needed."),
                404 => new Failure(ExitCode.NoTarget, $"{container} does not exist ({said}). Check the account and the container's name."),
                429 or 503 when e.ErrorCode == BlobErrorCode.ServerBusy || e.Status == 429 => new Failure(ExitCode.Throttled, $"{container} is busy ({said}). Run the command again in a minute: what is there already is not sent again."),
                >= 500 => new Failure(ExitCode.Unreachable, $"{container} failed ({said}). Run the command again: what is there already is not sent again."),
                _ => new Failure(ExitCode.Usage, $"{container} refuses the request ({said})."),
            };
        }
    }
}
