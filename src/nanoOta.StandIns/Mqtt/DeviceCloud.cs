namespace nanoOta.StandIns
{
    /// <summary>The cloud that device code reaches.</summary>
    public static class DeviceCloud
    {
        private static readonly AsyncLocal<IMqttHub?> _hub = new();

        /// <summary>Who answers MQTT connections in this execution context; null, as at first: no host name is known.</summary>
        public static IMqttHub? Hub
        {
            get => _hub.Value;
            set => _hub.Value = value;
        }
    }
}
