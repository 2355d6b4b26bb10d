import { readTrust } from '../../src/kernel/tls/trust.ts'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'

export { pythonWith } from '../../src/testing/test-cache.ts'

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
  /** As the administrator, for what no vendor's client can ask for. */
  readonly send: TestApp['send']
  end(): Promise<void>
}

/** Starts a server with a service principal of its own, as CI would have it. */
export async function startServer(overrides: Parameters<typeof startTestApp>[0] = {}): Promise<Server> {
  const app = await startTestApp(overrides)
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
    send: (...request) => app.send(...request),
    end: () => app.end(),
  }
}
