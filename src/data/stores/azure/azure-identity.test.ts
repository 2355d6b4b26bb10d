import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { CredentialUnavailableError } from '@azure/identity'
import { ContainerClient } from '@azure/storage-blob'
import { openAuthority } from '../../../kernel/tls/authority.ts'
import { azuriteAccount, startAzurite } from '../../../testing/cloud-stores.ts'
import type { CloudStore } from '../../../testing/cloud-stores.ts'
import { azureAccess } from './azure-access.ts'
import { azureStore } from './azure-store.ts'
import { storeContract } from '../store.contract.ts'

const account = azuriteAccount.name
let server: CloudStore
let home: string
before(async () => {
  home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const kept = new Map<string, string>()
  const secrets = {
    get: async (name: string) => kept.get(name),
    set: async (name: string, value: string) => void kept.set(name, value),
    remove: async (name: string) => void kept.delete(name),
  }
  const authority = await openAuthority({ secrets, home, clock: () => new Date() })
  const { cert, key } = authority.issue(['127.0.0.1'])
  const files = { cert: join(home, 'cert.pem'), key: join(home, 'key.pem') }
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
  server = await startAzurite(files)
  // Of this process only, which trusts nobody else with anything: Azure's client can be given no certificate.
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
})
after(async () => {
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
  await server.end()
  rmSync(home, { recursive: true, force: true })
})

/** A token as Microsoft Entra ID issues them for storage, unsigned. */
const token = () => {
  const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const tenant = 'https://sts.windows.net/11111111-2222-3333-4444-555555555555/'
  const claims = {
    aud: 'https://storage.azure.com',
    iss: tenant,
    nbf: now - 60,
    exp: now + 3600,
    iat: now - 60,
  }
  return [part({ alg: 'none', typ: 'JWT' }), part(claims), 'none'].join('.')
}
const credential = {
  getToken: async () => ({ token: token(), expiresOnTimestamp: Date.now() + 3_600_000 }),
}
let next = 0

storeContract('Azure Blob, by identity', async () => {
  const container = `raw-${next++}`
  const serviceUrl = `${server.url}/${account}`
  await new ContainerClient(`${serviceUrl}/${container}`, credential).create()
  const access = { by: 'identity', credential } as const
  return azureStore({ name: "datastore 'raw'", serviceUrl, account, container, access })
})

describe('an identity', () => {
  test('that there is none of is said in a sentence', async () => {
    const none = {
      getToken: async () => {
        throw new CredentialUnavailableError('no secret of this is to be told')
      },
    }
    const store = await azureStore({
      name: "datastore 'raw'",
      serviceUrl: `${server.url}/${account}`,
      account,
      container: 'raw',
      access: { by: 'identity', credential: none },
    })
    await assert.rejects(store.list(''), {
      message:
        /^Datastore 'raw': \S+ refuses its identity for container 'raw' \(401 CredentialUnavailableError\)\.$/,
    })
  })

  test('is chosen by what the datastore says', async () => {
    const by = async (type: string, serviceUrl = 'https://acme.blob.core.windows.net') => {
      const given = { type, secret: 'x', tenantId: 't', clientId: 'c' }
      const access = await azureAccess(given, serviceUrl, 0)
      return access.by === 'identity' ? access.credential.constructor.name : access.by
    }
    assert.equal(await by('AccountKey'), 'accountKey')
    assert.equal(await by('SAS'), 'sas')
    assert.equal(await by('ServicePrincipal'), 'ClientSecretCredential')
    assert.equal(await by('None', 'http://127.0.0.1:10000/acme'), 'anonymous', 'tokens travel by HTTPS only')
  })
})
