import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'
import { pythonWith } from '../azure/server.ts'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'flows.py')
const flows = ['runs', 'artifacts', 'models', 'autolog', 'grid_search', 'datasets', 'shared']

/** Has a version of MLflow's own client do against a server what people do with it. */
export const passes = (name: string, packages: readonly string[]) =>
  describe(name, () => {
    let server: TestApp
    let registry = ''
    let python = ''
    before(async () => {
      server = await startTestApp()
      registry = server.workspace.replace(/\/workspaces\/.*$/, '/registries/shelf')
      await server.send('PUT', registry, { properties: {} })
      python = await pythonWith(name, packages)
    })
    after(() => server.end())
    const pass = async (names: readonly string[], trackingUri: string) => {
      await run(python, [script, ...names], {
        env: {
          ...process.env,
          MLFLOW_TRACKING_URI: trackingUri,
          SHARED_REGISTRY_URI: `${server.app.platform.urls.http}/mlflow/v2.0${registry}`,
          MLFLOW_TRACKING_TOKEN: server.token,
          // A mistake shall fail the test, not be tried again for minutes.
          MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
          MLFLOW_DISABLE_TELEMETRY: 'true',
        },
      })
    }
    test(flows.join(', '), () => pass(flows, server.app.platform.urls.http))
    test('models, below the address that Azure ML gives a workspace', () =>
      pass(['models'], `${server.app.platform.urls.http}/mlflow/v2.0${server.workspace}`))
  })
