import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Where clients find the certificate to trust. */
export const authorityFile = (home: string): string => join(home, 'ca.pem')

/** The one tenant that a server is; a token is issued for whichever tenant a client names. */
export const tenantId = '00000000-0000-0000-0000-00000000000a'

/** Name under which this server describes itself among Azure's clouds. */
export const cloudName = 'Twinloop'

/** How clients on this machine come to trust the server and to speak to it instead of to Azure. */
export interface Trust {
  /** The authority's certificate alone, to be added to a list of trusted ones. */
  readonly authority: string
  /** The system's certificates and the authority's in one file, for clients that know only one list. */
  readonly bundle: string
  /** Environment variables to set, with who reads each. */
  readonly variables: readonly TrustVariable[]
}

export interface TrustVariable {
  readonly name: string
  readonly value: string
  /** Who reads it and what for, as a phrase. */
  readonly purpose: string
}

/** Where systems keep the certificates that they trust, most common first. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/**
 * Reads `ca.pem` of a home folder and writes the bundle beside it. Variables that name a bundle replace what a client
 * trusts, so the bundle holds whatever `env` names already (a company's own authorities, for instance) or else the
 * system's. `https` is the server's address, e.g. of `server.json`. Throws if no server was ever started there.
 */
export function readTrust(home: string, https: string, env: NodeJS.ProcessEnv = process.env): Trust {
  const authority = authorityFile(home)
  if (!existsSync(authority))
    throw new Error(`${authority} does not exist: 'twinloop up' makes it when it starts the server.`)
  const bundle = join(home, 'trust', 'bundle.pem')
  writeBundle(bundle, [...trustedAlready(bundle, env), authority])
  return {
    authority,
    bundle,
    variables: [
      { name: 'REQUESTS_CA_BUNDLE', value: bundle, purpose: "Python's requests: azure-ai-ml, az, mlflow" },
      { name: 'SSL_CERT_FILE', value: bundle, purpose: "OpenSSL and Python's ssl: curl, httpx, pip, uv" },
      // Goes before SSL_CERT_FILE where it is set.
      ...((env['CURL_CA_BUNDLE'] ?? '') === ''
        ? []
        : [{ name: 'CURL_CA_BUNDLE', value: bundle, purpose: 'curl, where this environment has set it' }]),
      { name: 'NODE_EXTRA_CA_CERTS', value: bundle, purpose: 'Node: @azure/arm-machinelearning and others' },
      {
        name: 'ARM_CLOUD_METADATA_URL',
        value: `${https}/metadata/endpoints?api-version=2022-09-01`,
        purpose: 'azure-ai-ml and az: the cloud that this server is',
      },
      {
        name: 'AZUREML_CURRENT_CLOUD',
        value: cloudName,
        purpose: 'azure-ai-ml and azureml-mlflow: its name',
      },
      {
        name: 'REGISTRY_DISCOVERY_ENDPOINT_URL',
        value: `${https}/`,
        purpose: 'azure-ai-ml: where it asks for registries',
      },
      { name: 'AZURE_AUTHORITY_HOST', value: https, purpose: 'azure-identity: who issues tokens' },
      {
        name: 'AZURE_TENANT_ID',
        value: 'adfs',
        purpose: 'azure-identity: the one tenant that it does not ask Microsoft about first',
      },
    ],
  }
}

/** Files of certificates that this environment's clients trust now: what variables name, else the system's. */
function trustedAlready(bundle: string, env: NodeJS.ProcessEnv): readonly string[] {
  const named = ['REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS']
    .map((name) => env[name])
    .filter((file) => file !== undefined && file !== '')
    .map((file) => resolve(file as string))
    .filter((file) => file !== resolve(bundle) && existsSync(file))
  return [...new Set([...systemBundles.filter((file) => existsSync(file)).slice(0, 1), ...named])]
}

/** Writes each certificate of the files once; a file that stands there with the same ones is left alone. */
function writeBundle(bundle: string, files: readonly string[]): void {
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g
  const all = new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(certificate) ?? []))
  const text = `${[...all].join('\n')}\n`
  if (existsSync(bundle) && readFileSync(bundle, 'utf8') === text) return
  mkdirSync(join(bundle, '..'), { recursive: true })
  writeFileSync(`${bundle}.new`, text)
  renameSync(`${bundle}.new`, bundle)
}
