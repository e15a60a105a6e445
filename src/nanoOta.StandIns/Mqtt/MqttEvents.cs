namespace nanoFramework.M2Mqtt.Messages
{
    /// <summary>The answer to CONNECT, as MQTT 3.1.1 has it.</summary>
    public enum MqttReasonCode
    {
        /// <summary>Accepted.</summary>
        Success = 0,

        /// <summary>Refused: the version of the protocol.</summary>
        ConnectionRefusedUnacceptableProtocolVersion = 1,

        /// <summary>Refused: the client's id.</summary>
        ConnectionRefusedIdentifierRejected = 2,

        /// <summary>Refused: the server is not available.</summary>
        ConnectionRefusedServerUnavailable = 3,

        /// <summary>Refused: user name or password.</summary>
        ConnectionRefusedBadUserNameOrPassword = 4,

        /// <summary>Refused: not authorised.</summary>
        ConnectionRefusedNotAuthorized = 5,
    }

    /// <summary>A message that came.</summary>
    public class MqttMsgPublishEventArgs(string topic, byte[] message, bool dupFlag, MqttQoSLevel qosLevel, bool retain) : EventArgs
    {
        /// <summary>The topic.</summary>
        public string Topic => topic;

        /// <summary>The content.</summary>
        public byte[] Message => message;

        /// <summary>Whether it came before.</summary>
        public bool DupFlag => dupFlag;

        /// <summary>How it was sent.</summary>
        public MqttQoSLevel QosLevel => qosLevel;

        /// <summary>Whether the server had kept it.</summary>
        public bool Retain => retain;
    }

    /// <summary>A message that was acknowledged, or given up.</summary>
    public class MqttMsgPublishedEventArgs(ushort messageId, bool isPublished) : EventArgs
    {
        /// <summary>One that was acknowledged.</summary>
        public MqttMsgPublishedEventArgs(ushort messageId)
            : this(messageId, true)
        {
        }

        /// <summary>The packet's number.</summary>
        public ushort MessageId { get; set; } = messageId;

        /// <summary>Whether it was acknowledged.</summary>
        public bool IsPublished { get; set; } = isPublished;
    }

    /// <summary>SUBACK.</summary>
    public class MqttMsgSubscribedEventArgs(ushort messageId, MqttQoSLevel[] grantedQosLevels) : EventArgs
    {
        /// <summary>The packet's number.</summary>
        public ushort MessageId => messageId;

        /// <summary>What was granted.</summary>
        public MqttQoSLevel[] GrantedQoSLevels => grantedQosLevels;
    }

    /// <summary>UNSUBACK.</summary>
    public class MqttMsgUnsubscribedEventArgs(ushort messageId) : EventArgs
    {
        /// <summary>The packet's number.</summary>
        public ushort MessageId => messageId;
    }
}
