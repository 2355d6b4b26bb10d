import { execFile } from 'node:child_process'
import assert from 'node:assert/strict'
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
    test('a grid search that was logged by itself is ranked as scikit-learn ranked it', async () => {
      const mlflow = async (path: string, body: object) =>
        (await server.send('POST', `/api/2.0/mlflow/${path}`, body)).body
      const { experiments } = await mlflow('experiments/search', {
        filter: "name LIKE 'grid-%'",
        max_results: 10,
        order_by: ['creation_time DESC'],
      })
      const experimentIds = [experiments[0].experiment_id]
      const { runs } = await mlflow('runs/search', {
        experiment_ids: experimentIds,
        filter: 'tags.`mlflow.parentRunId` IS NULL',
      })
      const { run_id: parent } = runs[0].info
      const logged: readonly { readonly key: string; readonly value: number }[] = runs[0].data.metrics
      const { body } = await server.send('POST', `${server.workspace}/summarizeTrials`, {
        experimentIds,
        filter: `tags.\`mlflow.parentRunId\` = '${parent}'`,
        metric: 'mean_test_score',
        goal: 'Maximize',
        parameters: true,
      })
      assert.deepEqual([body.count, body.ranked, body.statuses], [3, 3, { FINISHED: 3 }])
      assert.equal(body.best.value, logged.find(({ key }) => key === 'best_cv_score')?.value)
      assert.deepEqual(
        body.importance.parameters.map(({ name, reason }: { name: string; reason: string }) => [
          name,
          reason,
        ]),
        [['C', 'tooFewTrials']],
      )
      const { body: found } = await server.send('POST', `${server.workspace}/summarizeRuns`, {
        experimentIds,
        nestedBelow: [parent],
      })
      assert.deepEqual(found.nested, [{ runId: parent, runs: 3, statuses: { FINISHED: 3 } }])
    })
    test('models, below the address that Azure ML gives a workspace', () =>
      pass(['models'], `${server.app.platform.urls.http}/mlflow/v2.0${server.workspace}`))
  })
