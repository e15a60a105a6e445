namespace nanoFramework.M2Mqtt.Messages
{
    /// <summary>How surely a message is to arrive.</summary>
    public enum MqttQoSLevel
    {
        /// <summary>Sent once, without an answer.</summary>
        AtMostOnce = 0,

        /// <summary>Sent until acknowledged.</summary>
        AtLeastOnce = 1,

        /// <summary>Four packets.</summary>
        ExactlyOnce = 2,

        /// <summary>A subscription that was refused.</summary>
        GrantedFailure = 128,
    }
}
