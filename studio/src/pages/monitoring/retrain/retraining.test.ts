import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AlertRule } from '../../../api/alerts/rules.ts'
import { retrainingsOf } from './retraining.ts'

const rule = (name: string, when: object, retrain: unknown) =>
  ({ name, id: `/${name}`, properties: { when, actions: ['notify', { retrain }] } }) as unknown as AlertRule

const job = {
  jobType: 'Pipeline',
  displayName: 'train',
  inputs: {
    data: { jobInputType: 'uri_folder', uri: 'azureml:flights@latest' },
    rate: { jobInputType: 'literal', value: '0.1' },
  },
}
const monitor = { name: 'flights', signals: ['inputs', 'performance'] }
const ways = (...rules: readonly AlertRule[]) => retrainingsOf(rules, monitor)

test('rules of the monitor, or of signals of such a name, train by hand what they train by themselves', () => {
  const signal = { signal: 'performance', metric: 'roc_auc' }
  const inputs = { data: 'azureml:flights:3', rate: 0.05 }
  const found = ways(
    rule('own', signal, { job, inputs }),
    rule('other monitor', { ...signal, monitor: 'taxis' }, { job }),
    rule('other signal', { signal: 'labels' }, { job }),
    rule('metric', { metric: 'cpu' }, { job }),
  )
  assert.deepEqual(
    found.map(({ rule: { name }, index }) => [name, index]),
    [['own', 1]],
  )
  const by = found[0]?.by
  assert.ok(by !== undefined && 'job' in by)
  assert.deepEqual(
    [
      by.job.properties.inputs?.['data']?.uri,
      by.job.properties.inputs?.['rate']?.value,
      by.job.properties.tags,
    ],
    ['azureml:flights:3', '0.05', { retrainedFor: 'own' }],
  )
})

test('a schedule is run; what only the rule can gather is said, and not done', () => {
  const when = { monitor: 'flights' }
  const [schedule, window, elsewhere] = ways(
    rule('a', when, { job: 'schedule:nightly' }),
    rule('b', when, { job, inputs: { data: { window: '90d' } } }),
    rule('c', when, { job: 'azureml:train' }),
  )
  assert.deepEqual(schedule?.by, { schedule: 'nightly' })
  assert.deepEqual([window?.by, elsewhere?.by], [undefined, undefined])
  assert.match(window?.reason ?? '', /'data' is gathered by the rule/)
  assert.match(elsewhere?.reason ?? '', /azureml:train/)
})
