extern alias StandIns;

// The client's types, as the device's code sees them.
global using DeviceClient = StandIns::nanoFramework.Azure.Devices.Client.DeviceClient;
global using DeviceHashtable = StandIns::System.Collections.Hashtable;
global using DeviceToken = StandIns::System.Threading.CancellationTokenSource;
global using DeviceTwin = StandIns::nanoFramework.Azure.Devices.Shared.Twin;
global using DeviceTwinCollection = StandIns::nanoFramework.Azure.Devices.Shared.TwinCollection;
global using HubStatus = StandIns::nanoFramework.Azure.Devices.Client.Status;
global using MqttCommunicationException = StandIns::nanoFramework.M2Mqtt.Exceptions.MqttCommunicationException;
global using MqttConnectionException = StandIns::nanoFramework.M2Mqtt.Exceptions.MqttConnectionException;
