import assert from 'node:assert/strict'
import { test } from 'node:test'
import { modelsOfHistory, modelsOfOutputs } from '../../../api/run-models.ts'
import type { Run } from '../../../api/runs.ts'
import { pairsOf, registerCommand } from './register-command.ts'

const run = (history: string): Run => ({
  info: { run_id: 'r1', experiment_id: '1', status: 'FINISHED' },
  data: { tags: [{ key: 'mlflow.log-model.history', value: history }] },
})

test('models are found in what older clients wrote down and among the outputs of jobs', () => {
  const logged = JSON.stringify([{ artifact_path: 'model' }, { artifact_path: 'model' }, { other: 1 }])
  assert.deepEqual(modelsOfHistory(run(logged)), [
    { label: 'model', type: 'mlflow_model', path: 'runs:/r1/model', registrations: [] },
  ])
  assert.deepEqual(modelsOfHistory(run('no JSON')), [])
  assert.deepEqual(
    modelsOfOutputs('j1', {
      model: { jobOutputType: 'mlflow_model' },
      weights: { jobOutputType: 'custom_model' },
      report: { jobOutputType: 'uri_folder' },
    }).map(({ label, type, path }) => [label, type, path]),
    [
      ['model', 'mlflow_model', 'azureml://jobs/j1/outputs/model'],
      ['weights', 'custom_model', 'azureml://jobs/j1/outputs/weights'],
    ],
  )
})

test('the command says the same, whatever is typed', () => {
  const model = { label: 'm', type: 'mlflow_model', path: 'runs:/r1/m', registrations: [] } as const
  const tags = pairsOf(['team=growth ops', 'checked', '=x', 'a=b=c'])
  assert.deepEqual(tags, { team: 'growth ops', checked: '', a: 'b=c' })
  assert.equal(
    registerCommand(model, { name: 'late', description: "it's good", tags }),
    "twinloop model create -n late -t mlflow_model -p runs:/r1/m -d 'it'\\''s good' --tags 'team=growth ops' checked= a=b=c",
  )
  assert.match(registerCommand(model, { name: '', description: '', tags: {} }), /-n NAME -t/)
})
