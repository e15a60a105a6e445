// What a fleet of nanoOta devices needs in Azure: an IoT hub, provisioning, a storage account for updates, an identity for the
// pipeline, and on request Device Update. Deployed by setup.sh.

@description('The name that all resources begin with: 3 to 15 lower-case letters and digits, unique in Azure.')
@minLength(3)
@maxLength(15)
param name string

@description('The region.')
param location string = resourceGroup().location

@description('The tier of the hub. F1 is free, has 500 devices and 8,000 messages a day; Device Update needs S1.')
@allowed(['F1', 'S1', 'S2', 'S3'])
param hubSku string = 'S1'

@description('Units of the hub.')
@minValue(1)
@maxValue(200)
param hubUnits int = 1

@description('Whether to add Device Update.')
param deviceUpdate bool = false

@description('The object id of the person or group that operates the fleet; empty: nobody.')
param operatorId string = ''

@description('What the operator is.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param operatorType string = 'User'

@description('The object id of the service principal "Azure Device Update" in the tenant; empty without Device Update.')
param deviceUpdatePrincipalId string = ''

@description('The GitHub repository whose workflows deploy, as owner/name; empty: none.')
param repository string = ''

@description('The environment of that repository whose jobs may sign in.')
param environment string = 'release'

var tags = { nanoota: name }
var roles = {
  hubDataContributor: '4fc6c259-987e-4a07-842e-c321cc9d413f'
  blobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  blobDelegator: 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a'
  deviceUpdateAdministrator: '02ca0879-e8e4-47a5-a61e-5c618b76e64a'
}
var actors = concat(
  [{ id: pipeline.properties.principalId, type: 'ServicePrincipal', key: 'pipeline' }],
  empty(operatorId) ? [] : [{ id: operatorId, type: operatorType, key: 'operator' }]
)
var actorKeys = empty(operatorId) ? ['pipeline'] : ['pipeline', 'operator']

resource pipeline 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-pipeline'
  location: location
  tags: tags
}

resource github 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = if (!empty(repository)) {
  parent: pipeline
  name: 'github'
  properties: {
    issuer: 'https://token.actions.githubusercontent.com'
    subject: 'repo:${repository}:environment:${environment}'
    audiences: ['api://AzureADTokenExchange']
  }
}

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: '${name}ota'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowBlobPublicAccess: false
    // Signatures for devices are made with a user delegation key: nobody needs the account's keys.
    allowSharedKeyAccess: false
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: storage
  name: 'default'
  properties: {
    // An update that was deleted by mistake can be brought back.
    deleteRetentionPolicy: { enabled: true, days: 30 }
  }
}

resource firmware 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: 'firmware'
  properties: { publicAccess: 'None' }
}

resource hub 'Microsoft.Devices/IotHubs@2023-06-30' = {
  name: '${name}-hub'
  location: location
  tags: tags
  sku: { name: hubSku, capacity: hubUnits }
  properties: {
    minTlsVersion: '1.2'
  }
}

resource provisioning 'Microsoft.Devices/provisioningServices@2022-12-12' = {
  name: '${name}-dps'
  location: location
  tags: tags
  sku: { name: 'S1', capacity: 1 }
  properties: {
    iotHubs: [
      {
        connectionString: 'HostName=${hub.properties.hostName};SharedAccessKeyName=iothubowner;SharedAccessKey=${hub.listkeys().value[0].primaryKey}'
        location: location
      }
    ]
  }
}

resource updates 'Microsoft.DeviceUpdate/accounts@2023-07-01' = if (deviceUpdate) {
  name: '${name}-adu'
  location: location
  tags: tags
  properties: { sku: 'Standard' }
}

resource instance 'Microsoft.DeviceUpdate/accounts/instances@2023-07-01' = if (deviceUpdate) {
  parent: updates
  name: 'fleet'
  location: location
  tags: tags
  properties: {
    iotHubs: [{ resourceId: hub.id }]
    enableDiagnostics: false
  }
}

resource hubRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (key, i) in actorKeys: {
  name: guid(hub.id, name, key, roles.hubDataContributor)
  scope: hub
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.hubDataContributor)
    principalId: actors[i].id
    principalType: actors[i].type
  }
}]

resource blobRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (key, i) in actorKeys: {
  name: guid(storage.id, name, key, roles.blobDataContributor)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataContributor)
    principalId: actors[i].id
    principalType: actors[i].type
  }
}]

resource delegatorRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (key, i) in actorKeys: {
  name: guid(storage.id, name, key, roles.blobDelegator)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDelegator)
    principalId: actors[i].id
    principalType: actors[i].type
  }
}]

resource updateRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (key, i) in actorKeys: if (deviceUpdate) {
  name: guid(updates.id, name, key, roles.deviceUpdateAdministrator)
  scope: updates
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.deviceUpdateAdministrator)
    principalId: actors[i].id
    principalType: actors[i].type
  }
}]

// The tool signs in with the policy "service", whose key the pipeline reads.
resource keyReader 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, name, 'key-reader')
  properties: {
    roleName: '${name} hub key reader'
    description: 'Reads the hub and the keys of its policies.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [{ actions: ['Microsoft.Devices/iotHubs/read', 'Microsoft.Devices/iotHubs/listkeys/action', 'Microsoft.Devices/iotHubs/iotHubKeys/listkeys/action'] }]
  }
}

resource pipelineKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hub.id, name, 'pipeline', 'key-reader')
  scope: hub
  properties: {
    roleDefinitionId: keyReader.id
    principalId: pipeline.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Without this role the service can neither deploy nor read devices.
resource serviceRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (deviceUpdate && !empty(deviceUpdatePrincipalId)) {
  name: guid(hub.id, name, 'device-update', roles.hubDataContributor)
  scope: hub
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.hubDataContributor)
    principalId: deviceUpdatePrincipalId
    principalType: 'ServicePrincipal'
  }
}

output hubName string = hub.name
output hubHost string = hub.properties.hostName
output idScope string = provisioning.properties.idScope
output container string = '${storage.properties.primaryEndpoints.blob}firmware'
output pipelineClientId string = pipeline.properties.clientId
output deviceUpdateHost string = deviceUpdate ? updates!.properties.hostName : ''
