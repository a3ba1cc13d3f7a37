targetScope = 'subscription'

param resourceGroupName string

param location string

param principalId string

resource rg 'Microsoft.Resources/resourceGroups@2023-07-01' = {
  name: resourceGroupName
  location: location
}

module env 'env/env.bicep' = {
  name: 'env'
  scope: rg
  params: {
    location: location
    userPrincipalId: principalId
    env_acr_outputs_name: env_acr.outputs.name
  }
}

module env_acr 'env-acr/env-acr.bicep' = {
  name: 'env-acr'
  scope: rg
  params: {
    location: location
  }
}

module cache 'cache/cache.bicep' = {
  name: 'cache'
  scope: rg
  params: {
    location: location
  }
}

module todos_identity 'todos-identity/todos-identity.bicep' = {
  name: 'todos-identity'
  scope: rg
  params: {
    location: location
  }
}

module todos_roles_cache 'todos-roles-cache/todos-roles-cache.bicep' = {
  name: 'todos-roles-cache'
  scope: rg
  params: {
    location: location
    cache_outputs_name: cache.outputs.name
    principalId: todos_identity.outputs.principalId
  }
}

output env_AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN string = env.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN

output env_AZURE_CONTAINER_APPS_ENVIRONMENT_ID string = env.outputs.AZURE_CONTAINER_APPS_ENVIRONMENT_ID

output todos_identity_id string = todos_identity.outputs.id

output cache_connectionString string = cache.outputs.connectionString

output cache_hostName string = cache.outputs.hostName

output todos_identity_clientId string = todos_identity.outputs.clientId

output env_AZURE_CONTAINER_REGISTRY_ENDPOINT string = env.outputs.AZURE_CONTAINER_REGISTRY_ENDPOINT

output env_AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID string = env.outputs.AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID