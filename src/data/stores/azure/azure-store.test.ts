import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { ContainerSASPermissions, generateBlobSASQueryParameters } from '@azure/storage-blob'
import { UserError } from '../../../kernel/errors.ts'
import { azuriteAccount, startAzurite } from '../../../testing/cloud-stores.ts'
import type { CloudStore } from '../../../testing/cloud-stores.ts'
import { azureStore } from './azure-store.ts'
import type { AzureAccess } from './azure-store.ts'
import { storeContract } from '../store.contract.ts'

const { name: account, key } = azuriteAccount
const shared = new StorageSharedKeyCredential(account, key)
let server: CloudStore
before(async () => {
  server = await startAzurite()
})
after(() => server.end())
let next = 0

async function open(by: 'accountKey' | 'sas') {
  const container = `raw-${next++}`
  const serviceUrl = `${server.url}/${account}`
  await new ContainerClient(`${serviceUrl}/${container}`, shared).create()
  return azureStore({
    name: "datastore 'raw'",
    serviceUrl,
    account,
    container,
    access: accessBy(by, container),
  })
}

function accessBy(by: 'accountKey' | 'sas', container: string): AzureAccess {
  if (by === 'accountKey') return { by, key }
  const sas = generateBlobSASQueryParameters(
    {
      containerName: container,
      permissions: ContainerSASPermissions.parse('rwdl'),
      expiresOn: new Date(Date.now() + 3_600_000),
    },
    shared,
  )
  return { by, token: sas.toString() }
}

storeContract('Azure Blob, by account key', () => open('accountKey'))
storeContract('Azure Blob, by SAS', () => open('sas'))

describe('a store in Azure that cannot be used', () => {
  const at = (more: object) =>
    azureStore({
      name: "datastore 'raw'",
      serviceUrl: `${server.url}/${account}`,
      account,
      container: 'none',
      access: { by: 'accountKey', key },
      ...more,
    })
  const sentence = (pattern: RegExp) => (error: unknown) => {
    assert.ok(error instanceof UserError, String(error))
    assert.match(error.message, pattern)
    assert.doesNotMatch(error.message, /sig=|\n/)
    return true
  }

  test('for there is no such container', async () => {
    const store = await at({})
    const none = sentence(/^Datastore 'raw': there is no container 'none' at 127\.0\.0\.1:\d+\.$/)
    await assert.rejects(store.head('a'), none)
    await assert.rejects(store.read('a'), none)
    await assert.rejects(store.list(''), none)
    await assert.rejects(store.write('a', (async function* () {})()), none)
  })

  test('for there is no such account', async () => {
    const store = await at({ serviceUrl: `${server.url}/nobody`, account: 'nobody' })
    await assert.rejects(
      store.list(''),
      sentence(/^Datastore 'raw': there is no account 'nobody' with container 'none' at /),
    )
  })

  test('for its credentials are wrong', async () => {
    const { identity } = await open('accountKey')
    const container = identity.split('/').at(-1) ?? ''
    for (const [access, what] of [
      [{ by: 'accountKey', key: Buffer.from('another').toString('base64') }, 'its account key'],
      [{ by: 'sas', token: 'sv=2024-01-01&sig=wrong' }, 'its SAS token'],
      [{ by: 'anonymous' }, 'access without credentials'],
    ] as const) {
      const store = await at({ container, access })
      const refused = sentence(new RegExp(`^Datastore 'raw': \\S+ (?:refuses ${what}|there is no)`))
      await assert.rejects(store.list(''), refused)
    }
  })

  test('for its host is not there', async () => {
    const gone = sentence(/^Datastore 'raw' cannot be reached at 127\.0\.0\.1:1: nothing answers there\.$/)
    await assert.rejects((await at({ serviceUrl: 'http://127.0.0.1:1/acme' })).list(''), gone)
    const unknown = sentence(/cannot be reached at acme\.blob\.invalid: (?:there is no host|its name cannot)/)
    await assert.rejects((await at({ serviceUrl: 'http://acme.blob.invalid' })).head('a'), unknown)
  })
})
