namespace nanoFramework.Json
{
    /// <summary>A text that the device's JSON library does not understand.</summary>
    public class DeserializationException : Exception
    {
    }
}
