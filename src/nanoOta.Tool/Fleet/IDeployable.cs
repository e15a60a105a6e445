using nanoOta.Tool.Publishing;

namespace nanoOta.Tool.Fleet
{
    /// <summary>What is deployed: a build that is packed for it, or files that were released.</summary>
    internal interface IDeployable
    {
        /// <summary>The version.</summary>
        SemanticVersion Version { get; }

        /// <summary>Whether a version that is not newer is meant.</summary>
        bool AllowsDowngrade { get; }

        /// <summary>Publishes it.</summary>
        /// <param name="container">Where to.</param>
        /// <param name="highest">The highest counter that the devices were asked for so far; 0: none.</param>
        /// <param name="isDry">Whether to say alone what would be published.</param>
        /// <param name="output">Where it says what it publishes.</param>
        /// <param name="stop">Ends it.</param>
        /// <returns>The manifest's counter; null: it has none.</returns>
        /// <exception cref="Failure">Devices would refuse it, or the container holds something else of that name.</exception>
        Task<uint?> PublishAsync(IContainer container, uint highest, bool isDry, Output output, CancellationToken stop);
    }
}
