using Microsoft.Extensions.Time.Testing;

namespace nanoOta.Hub.Tests
{
    /// <summary>Time that passes when a test says so.</summary>
    internal sealed class ManualTime() : FakeTimeProvider(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
}
