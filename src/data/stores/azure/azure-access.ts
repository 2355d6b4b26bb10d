import type { TokenCredential } from '@azure/identity'
import type { AzureAccess } from './azure-store.ts'

/** What a datastore or a connection says of how to authenticate, with its secret opened. */
export interface Credentials {
  /** Azure's word: `AccountKey`, `Sas`, `ServicePrincipal`, `Certificate`, `None`, … */
  readonly type: string
  readonly secret: string | undefined
  readonly tenantId?: string | undefined
  readonly clientId?: string | undefined
  readonly authorityUrl?: string | undefined
}

const scope = 'https://storage.azure.com/.default'

/** A machine that has no identity is not asked for one again for so long. */
const forgetMs = 5 * 60_000
const patienceMs = 10_000
let without = 0

/** How to authenticate at a store in Azure. `now` is of a clock, in milliseconds. */
export async function azureAccess(given: Credentials, serviceUrl: string, now: number): Promise<AzureAccess> {
  const { type, secret = '', tenantId = '', clientId = '', authorityUrl } = given
  const options = authorityUrl === undefined ? {} : { authorityHost: authorityUrl }
  switch (type.toLowerCase()) {
    case 'accountkey':
      return { by: 'accountKey', key: secret }
    case 'sas':
      return { by: 'sas', token: secret }
    case 'serviceprincipal': {
      const { ClientSecretCredential } = await import('@azure/identity')
      return { by: 'identity', credential: new ClientSecretCredential(tenantId, clientId, secret, options) }
    }
    case 'certificate': {
      const { ClientCertificateCredential } = await import('@azure/identity')
      const certificate = { certificate: secret }
      return {
        by: 'identity',
        credential: new ClientCertificateCredential(tenantId, clientId, certificate, options),
      }
    }
    default: {
      const credential = await machineIdentity(serviceUrl, clientId, now)
      return credential === undefined ? { by: 'anonymous' } : { by: 'identity', credential }
    }
  }
}

/**
 * The identity of this machine, where it has one (variables AZURE_*, a workload's or a managed identity, `az login`).
 * Tokens travel by HTTPS only.
 */
async function machineIdentity(
  serviceUrl: string,
  clientId: string,
  now: number,
): Promise<TokenCredential | undefined> {
  if (!serviceUrl.startsWith('https:') || now - without < forgetMs) return undefined
  const { DefaultAzureCredential } = await import('@azure/identity')
  const credential = new DefaultAzureCredential(clientId === '' ? {} : { managedIdentityClientId: clientId })
  try {
    await credential.getToken(scope, { abortSignal: AbortSignal.timeout(patienceMs) })
    return credential
  } catch {
    without = now
    return undefined
  }
}
