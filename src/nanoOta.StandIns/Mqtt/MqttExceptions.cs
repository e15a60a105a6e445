namespace nanoFramework.M2Mqtt.Exceptions
{
    /// <summary>Something could not be sent, or no answer came in time.</summary>
    public class MqttCommunicationException : Exception
    {
        /// <summary>No answer came in time.</summary>
        public MqttCommunicationException()
        {
        }

        /// <summary>Something could not be sent.</summary>
        /// <param name="e">Why.</param>
        public MqttCommunicationException(Exception e)
            : base(string.Empty, e)
        {
        }
    }

    /// <summary>No connection to the broker.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">Why.</param>
    public class MqttConnectionException(string message, Exception? innerException) : Exception(message, innerException)
    {
    }
}
