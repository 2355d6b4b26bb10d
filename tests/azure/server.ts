import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readTrust } from '../../src/kernel/tls/trust.ts'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'

const run = promisify(execFile)

/** A server to drive with a vendor's client, over its ports and by nothing but configuration. */
export interface Server {
  readonly http: string
  readonly https: string
  readonly subscription: string
  readonly resourceGroup: string
  readonly workspace: string
  /** Id of the workspace. */
  readonly workspaceId: string
  /** PEM of the certificate to trust. */
  readonly authorityFile: string
  /** What `twinloop trust` says, with the credentials of a service principal that contributes to the subscription. */
  readonly env: NodeJS.ProcessEnv
  /** Resolves when the resource's properties are as wanted; it follows events, as no vendor's client does. */
  readonly until: TestApp['until']
  end(): Promise<void>
}

/** Starts a server with a service principal of its own, as CI would have it. */
export async function startServer(): Promise<Server> {
  const app = await startTestApp()
  const { urls, config } = app.app.platform
  const principal = '/providers/Twinloop/servicePrincipals/conformance'
  const { body: made } = await app.send('PUT', principal, { properties: {} })
  const { body: password } = await app.send('POST', `${principal}/addPassword`, {})
  const assignment = `/subscriptions/${config.subscription}/providers/Microsoft.Authorization/roleAssignments/44444444-0000-0000-0000-000000000001`
  await app.send('PUT', assignment, {
    properties: { roleDefinitionId: 'Contributor', principalId: made.properties.principalId },
  })
  const trust = readTrust(app.home, urls.https)
  return {
    http: urls.http,
    https: urls.https,
    subscription: config.subscription,
    resourceGroup: config.resourceGroup,
    workspace: config.workspace,
    workspaceId: app.workspace,
    authorityFile: trust.authority,
    env: {
      ...process.env,
      ...Object.fromEntries(trust.variables.map(({ name, value }) => [name, value])),
      AZURE_CLIENT_ID: made.properties.appId,
      AZURE_CLIENT_SECRET: password.secretText,
      AZURE_SUBSCRIPTION_ID: config.subscription,
    },
    until: (id, done) => app.until(id, done),
    end: () => app.end(),
  }
}

/**
 * The interpreter of a virtual environment with these packages, made on first use below TWINLOOP_TEST_CACHE and kept
 * there for the next run.
 */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const cache = process.env['TWINLOOP_TEST_CACHE'] ?? join(tmpdir(), 'twinloop-test-cache')
  const folder = join(cache, name)
  const python = join(folder, 'bin', 'python')
  if (existsSync(python)) return python
  mkdirSync(cache, { recursive: true })
  // Built beside and then moved in one step, so that a run that is killed leaves no half-made environment.
  const building = `${folder}.${process.pid}`
  await run('python3', ['-m', 'venv', building])
  await run(join(building, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages])
  if (!existsSync(python)) renameSync(building, folder)
  return python
}
