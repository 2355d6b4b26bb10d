import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { AzureMachineLearningWorkspaces, type AmlCompute, type CommandJob } from '@azure/arm-machinelearning'
import type { TokenCredential } from '@azure/core-auth'
import { startServer, type Server } from './server.ts'

describe('@azure/arm-machinelearning over HTTPS', () => {
  let server: Server
  let client: AzureMachineLearningWorkspaces
  let at: [resourceGroup: string, workspace: string]
  before(async () => {
    server = await startServer()
    at = [server.resourceGroup, server.workspace]
    client = new AzureMachineLearningWorkspaces(credential(server), server.subscription, {
      endpoint: server.https,
      tlsOptions: { ca: readFileSync(server.authorityFile, 'utf8') },
    })
  })
  after(() => server.end())

  test('workspaces: reads, lists, creates, updates and deletes', async () => {
    const { name, location, discoveryUrl } = await client.workspaces.get(...at)
    assert.deepEqual([name, location], ['dev', 'local'])
    assert.ok(discoveryUrl?.startsWith(server.https))
    const names = await all(client.workspaces.listByResourceGroup(server.resourceGroup), (w) => w.name)
    assert.deepEqual(names, ['dev'])
    await client.workspaces.beginCreateOrUpdateAndWait(server.resourceGroup, 'second', {
      location: 'local',
      friendlyName: 'Second',
      tags: { purpose: 'conformance' },
    })
    await client.workspaces.beginUpdateAndWait(server.resourceGroup, 'second', { description: 'changed' })
    const second = await client.workspaces.get(server.resourceGroup, 'second')
    assert.deepEqual(
      [second.friendlyName, second.description, second.tags, second.provisioningState],
      ['Second', 'changed', { purpose: 'conformance' }, 'Succeeded'],
    )
    assert.notEqual(second.workspaceId, undefined)
    const both = await all(client.workspaces.listBySubscription(), (w) => w.name)
    assert.deepEqual(new Set(both), new Set(['dev', 'second']))
    await client.workspaces.beginDeleteAndWait(server.resourceGroup, 'second')
    assert.deepEqual(await all(client.workspaces.listBySubscription(), (w) => w.name), ['dev'])
  })

  test('computes: creates by a long-running operation, lists by page, updates, stops and deletes', async () => {
    for (const name of ['cpu-a', 'cpu-b'])
      await client.computeOperations.beginCreateOrUpdateAndWait(...at, name, {
        location: 'local',
        properties: {
          computeType: 'AmlCompute',
          properties: { vmSize: 'STANDARD_DS3_V2', scaleSettings: { minNodeCount: 0, maxNodeCount: 4 } },
        },
      })
    const names = await all(client.computeOperations.list(...at), (c) => c.name)
    assert.deepEqual(new Set(names), new Set(['cpu-a', 'cpu-b']))
    const { properties } = await client.computeOperations.get(...at, 'cpu-a')
    assert.equal(properties?.provisioningState, 'Succeeded')
    assert.equal(properties?.computeType, 'AmlCompute')
    await client.computeOperations.beginUpdateAndWait(...at, 'cpu-a', {
      properties: { scaleSettings: { minNodeCount: 0, maxNodeCount: 8 } },
    })
    const updated = (await client.computeOperations.get(...at, 'cpu-a')).properties as AmlCompute
    assert.equal(updated.properties?.scaleSettings?.maxNodeCount, 8)
    assert.equal(updated.properties?.vmSize, 'STANDARD_DS3_V2', 'what was not named stays')
    await client.computeOperations.beginStopAndWait(...at, 'cpu-a')
    await client.computeOperations.beginDeleteAndWait(...at, 'cpu-b', 'Delete')
    await assert.rejects(client.computeOperations.get(...at, 'cpu-b'), {
      name: 'RestError',
      statusCode: 404,
      code: 'ResourceNotFound',
    })
  })

  test('datastores: the default one and its secret, which lets one upload', async () => {
    const stores = await all(client.datastores.list(...at), (d) => d)
    const standard = stores.find((d) => d.properties.isDefault === true)
    assert.equal(standard?.name, 'workspaceblobstore')
    const secrets = await client.datastores.listSecrets(...at, 'workspaceblobstore')
    assert.equal(secrets.secretsType, 'Sas')
  })

  test('data: versions, the container with its latest and next one, archiving', async () => {
    for (const version of ['1', '2']) {
      const made = await client.dataVersions.createOrUpdate(...at, 'flights', version, {
        properties: {
          dataType: 'uri_file',
          dataUri: `azureml://datastores/workspaceblobstore/paths/flights/${version}.csv`,
          tags: { version },
        },
      })
      assert.equal(made.name, version)
      assert.ok(made.systemData?.createdAt instanceof Date)
    }
    const container = await client.dataContainers.get(...at, 'flights')
    assert.deepEqual([container.properties.latestVersion, container.properties.nextVersion], ['2', '3'])
    const versions = await all(client.dataVersions.list(...at, 'flights', { top: 1 }), (v) => v.name)
    assert.deepEqual(new Set(versions), new Set(['1', '2']))
    const { properties } = await client.dataVersions.get(...at, 'flights', '1')
    assert.deepEqual([properties.dataType, properties.tags], ['uri_file', { version: '1' }])
    await client.dataVersions.createOrUpdate(...at, 'flights', '1', {
      properties: { ...properties, isArchived: true },
    })
    const active = await all(client.dataVersions.list(...at, 'flights'), (v) => v.name)
    assert.deepEqual(active, ['2'])
  })

  test('environments and jobs: creates, lists, reads, follows to the end and cancels', async () => {
    const environment = await client.environmentVersions.createOrUpdate(...at, 'plain', '1', {
      properties: { condaFile: 'name: plain\ndependencies:\n- python\n', image: 'ubuntu:latest' },
    })
    const job = (command: string): CommandJob => ({
      jobType: 'Command',
      command,
      environmentId: environment.id ?? '',
      computeId: `${server.workspaceId}/computes/cpu-a`,
      experimentName: 'conformance',
      inputs: { times: { jobInputType: 'literal', value: '3' } },
      outputs: { made: { jobOutputType: 'uri_folder' } },
      tags: { by: 'javascript' },
    })
    await client.computeOperations.beginStartAndWait(...at, 'cpu-a')
    const made = await client.jobs.createOrUpdate(...at, 'counted', {
      properties: job('echo ${{inputs.times}} > ${{outputs.made}}/n'),
    })
    assert.equal(made.name, 'counted')
    await client.jobs.createOrUpdate(...at, 'endless', { properties: job('sleep 600') })
    const names = await all(client.jobs.list(...at, { jobType: 'Command' }), (j) => j.name)
    assert.deepEqual(new Set(names), new Set(['counted', 'endless']))
    await client.jobs.beginCancelAndWait(...at, 'endless')
    assert.equal((await client.jobs.get(...at, 'endless')).properties.status, 'Canceled')

    await server.until(`${server.workspaceId}/jobs/counted`, ({ status }) =>
      ['Completed', 'Failed'].includes(String(status)),
    )
    const { properties } = await client.jobs.get(...at, 'counted')
    assert.equal(properties.status, 'Completed')
    assert.equal(properties.jobType, 'Command')
    assert.deepEqual(properties.tags, { by: 'javascript' })
    await client.jobs.beginDeleteAndWait(...at, 'counted')
    await assert.rejects(client.jobs.get(...at, 'counted'), { statusCode: 404 })
  })

  test('models: versions of a container, of what is in a datastore', async () => {
    const made = await client.modelVersions.createOrUpdate(...at, 'flight-delay', '1', {
      properties: {
        modelType: 'custom_model',
        modelUri: 'azureml://datastores/workspaceblobstore/paths/models/flight-delay',
        description: 'Late or not',
      },
    })
    assert.match(made.id ?? '', /\/models\/flight-delay\/versions\/1$/)
    const { properties } = await client.modelVersions.get(...at, 'flight-delay', '1')
    assert.deepEqual([properties.modelType, properties.description], ['custom_model', 'Late or not'])
    assert.deepEqual(await all(client.modelContainers.list(...at), (m) => m.name), ['flight-delay'])
    assert.deepEqual(await all(client.modelVersions.list(...at, 'flight-delay'), (m) => m.name), ['1'])
  })

  test('online endpoints: creates, lists, reads, gives and renews keys, deletes', async () => {
    const made = await client.onlineEndpoints.beginCreateOrUpdateAndWait(...at, 'delays', {
      location: 'local',
      tags: { team: 'a' },
      properties: { authMode: 'Key' },
    })
    assert.equal(made.properties.provisioningState, 'Succeeded')
    const found = await client.onlineEndpoints.get(...at, 'delays')
    assert.match(found.properties.scoringUri ?? '', /^https?:\/\/.*delays\/score$/)
    assert.deepEqual(found.tags, { team: 'a' })
    assert.deepEqual(await all(client.onlineEndpoints.list(...at), (e) => e.name), ['delays'])
    const keys = await client.onlineEndpoints.listKeys(...at, 'delays')
    await client.onlineEndpoints.beginRegenerateKeysAndWait(...at, 'delays', { keyType: 'Primary' })
    const renewed = await client.onlineEndpoints.listKeys(...at, 'delays')
    assert.notEqual(renewed.primaryKey, keys.primaryKey)
    assert.equal(renewed.secondaryKey, keys.secondaryKey)
    await client.onlineEndpoints.beginDeleteAndWait(...at, 'delays')
    assert.deepEqual(await all(client.onlineEndpoints.list(...at), (e) => e.name), [])
  })
})

/** A credential as azure-identity's, of the service principal: the client has none of its own. */
function credential({ env, https, http }: Server): TokenCredential {
  return {
    async getToken(scopes) {
      // The same endpoint as on HTTPS, for Node's own client cannot be given a certificate to trust.
      const answer = await fetch(`${http}/${env['AZURE_TENANT_ID']}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: env['AZURE_CLIENT_ID'] ?? '',
          client_secret: env['AZURE_CLIENT_SECRET'] ?? '',
          scope: [scopes].flat()[0] ?? `${https}/.default`,
        }),
      })
      const { access_token, expires_in } = (await answer.json()) as Record<string, string>
      return { token: access_token ?? '', expiresOnTimestamp: Date.now() + Number(expires_in) * 1000 }
    },
  }
}

async function all<T, R>(pages: AsyncIterable<T>, read: (item: T) => R): Promise<R[]> {
  const read_: R[] = []
  for await (const item of pages) read_.push(read(item))
  return read_
}
