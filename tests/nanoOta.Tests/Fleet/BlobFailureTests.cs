using Azure;
using nanoOta.Tool;
using nanoOta.Tool.Publishing;

namespace nanoOta.Tests.Fleet
{
    /// <summary>Whatever way the storage client reports a network that is away, it is a network that is away.</summary>
    public sealed class BlobFailureTests
    {
        private static readonly Exception[] _breaks =
        [
            new RequestFailedException("No such host is known"),
            new IOException("reset"),
            new HttpRequestException("reset"),
            new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout"),
            new AggregateException("Retry failed after 5 tries", new RequestFailedException("a"), new RequestFailedException("b")),
            new AggregateException("Retry failed after 5 tries", new RequestFailedException("a"), new TaskCanceledException("b")),
            new AggregateException("Retry failed after 5 tries", new AggregateException(new IOException("a"))),
        ];

        [Fact]
        public async Task A_network_that_is_away_is_said_to_be_away()
        {
            foreach (Exception thrown in _breaks)
            {
                Failure failure = await Assert.ThrowsAsync<Failure>(() => BlobFailure.Of<int>("https://contoso/firmware", () => throw thrown, TestContext.Current.CancellationToken));
                Assert.Equal(ExitCode.Unreachable, failure.Code);
                Assert.Contains("un the command again", failure.Message);
            }
        }

        [Fact]
        public async Task Ctrl_C_is_no_failure_of_the_storage_and_a_defect_is_not_hidden()
        {
            await Assert.ThrowsAsync<TaskCanceledException>(() => BlobFailure.Of<int>("c", () => throw new TaskCanceledException(), new CancellationToken(canceled: true)));
            await Assert.ThrowsAsync<InvalidOperationException>(() => BlobFailure.Of<int>("c", () => throw new InvalidOperationException(), TestContext.Current.CancellationToken));
        }
    }
}
