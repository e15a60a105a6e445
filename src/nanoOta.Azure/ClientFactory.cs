// Copyright (c) 2026 the nanoOta authors
// Licensed under the MIT license

using nanoFramework.Azure.Devices.Client;

namespace nanoOta
{
    /// <summary>
    /// Makes the client of one connection, with the hub, device id and key or certificate as they are then known. It may subscribe
    /// to events for the application; not to <c>TwinUpdated</c>, which would have the client parse every patch.
    /// </summary>
    /// <returns>A new client, not opened.</returns>
    public delegate DeviceClient ClientFactory();
}
