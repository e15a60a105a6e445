namespace nanoOta.StandIns
{
    /// <summary>The changes of the file system that survive a power cut. Each is atomic, as on littlefs.</summary>
    public enum FileOperationKind
    {
        /// <summary>A new, empty file: made durable when it is opened, long before it is closed.</summary>
        CreateFile,

        /// <summary>The content of a changed file: made durable when it is closed, and not by Flush.</summary>
        CommitFile,

        /// <summary>A file is gone.</summary>
        DeleteFile,

        /// <summary>A file or a directory has another name.</summary>
        Rename,

        /// <summary>A new directory.</summary>
        CreateDirectory,

        /// <summary>An empty directory is gone.</summary>
        DeleteDirectory,
    }

    /// <summary>A change that is about to become durable.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Path">Of what, for instance <c>I:\ota\a.bin</c>; of a rename, the old name.</param>
    /// <param name="Number">How many such changes there were since the file system was made, this one included.</param>
    public readonly record struct FileOperation(FileOperationKind Kind, string Path, int Number);

    /// <summary>When the power fails.</summary>
    public enum CutPoint
    {
        /// <summary>Not here.</summary>
        None,

        /// <summary>Nothing of the operation reached the storage: the old content, an empty new file, the old name.</summary>
        Before,

        /// <summary>The operation is complete, but its caller never hears of it.</summary>
        After,
    }
}
