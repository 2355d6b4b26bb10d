import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inShort, jobAgain } from './job-again.ts'

test('a job that ran becomes one to be submitted, without what was of that run alone', () => {
  const chosen = 'azureml://subscriptions/s/workspaces/dev/datastores/d/paths/azureml/heron/made/'
  assert.deepEqual(
    jobAgain({
      name: 'heron',
      type: 'pipeline',
      parent_job_name: 'owl',
      services: { Studio: {} },
      settings: { _source: 'YAML.JOB' },
      inputs: { rate: '1' },
      outputs: {
        made: { type: 'uri_folder', path: chosen },
        own: { type: 'uri_file', path: 'azureml://mine' },
      },
      jobs: { train: { name: 'train', component: 'azureml:train:1' } },
    }),
    {
      type: 'pipeline',
      inputs: { rate: '1' },
      outputs: { made: { type: 'uri_folder' }, own: { type: 'uri_file', path: 'azureml://mine' } },
      jobs: { train: { component: 'azureml:train:1' } },
    },
  )
})

test('a step becomes a command of its own', () => {
  const step = { type: 'command', command: 'true', component: 'azureml:train:1', parent_job_name: 'owl' }
  assert.deepEqual(jobAgain(step), { type: 'command', command: 'true' })
})

test('what is of the same workspace is referred to as people do', () => {
  const ml = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces'
  const text = [
    `component: azureml:${ml}/dev/components/train/versions/1`,
    `path: "azureml:${ml}/DEV/data/flights/versions/2"`,
    `compute: azureml:${ml}/dev/computes/big`,
    `code: azureml:${ml}/dev/codes/x/versions/1`,
    `path: azureml:${ml}/other/data/flights/versions/2`,
  ].join('\n')
  assert.equal(
    inShort(text, `${ml}/dev/jobs/a`),
    [
      'component: azureml:train:1',
      'path: "azureml:flights:2"',
      'compute: azureml:big',
      `code: azureml:${ml}/dev/codes/x/versions/1`,
      `path: azureml:${ml}/other/data/flights/versions/2`,
    ].join('\n'),
  )
})
