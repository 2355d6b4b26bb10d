import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { upload } from '../../testing/serving.ts'
import { dataBalanceGate } from '../gates/data-balance/gate.ts'
import type { BalanceDetails } from '../gates/data-balance/judge-balance.ts'
import { runGate } from '../testing/run-gate.ts'

/** The nine persons of the Responsible AI toolbox's own tests, by gender and label. */
const persons = [
  ['Male', 1],
  ['Male', 1],
  ['Male', 0],
  ['Male', 0],
  ['Female', 1],
  ['Female', 0],
  ['Female', 0],
  ['Other', 0],
  ['Other', 0],
] as const

describe('plans of gates that judge predictions', () => {
  let twin: TestApp
  const plan = () => `${twin.workspace}/providers/Twinloop/releasePlans/loans`

  before(async () => {
    twin = await startTestApp()
    const loans = Array.from(
      { length: 60 },
      (_, i) => `${i},${['f', 'm'][i % 2]},${i % 3 === 0},${i * 1.37},1\n`,
    )
    await data('loans', `id,sex,paid,amount,constant\n${loans.join('')}`)
    await data('persons', `gender,label\n${persons.map((row) => row.join(',')).join('\n')}\n`)
    const modelUri = await upload(twin, 'LocalUpload/m/model', { 'weights.txt': 'w' })
    const made = await twin.send('PUT', `${twin.workspace}/models/loans/versions/1`, {
      properties: { modelType: 'custom_model', modelUri },
    })
    assert.equal(made.status, 201)
  })
  after(() => twin.end())

  async function data(name: string, text: string) {
    const dataUri = `${await upload(twin, `LocalUpload/${name}`, { 'rows.csv': text })}/rows.csv`
    await twin.send('PUT', `${twin.workspace}/data/${name}/versions/1`, {
      properties: { dataType: 'uri_file', dataUri },
    })
  }

  async function problems(...gates: readonly unknown[]): Promise<string> {
    const { status, body } = await twin.send('PUT', plan(), {
      properties: { model: 'loans', stages: [{ name: 'staging', gates }] },
    })
    return status < 300 ? 'none' : `${status} ${JSON.stringify(body)}`
  }
  const held = { data: 'azureml:loans@latest', target: 'paid' }

  test('say what the data have not, before anything runs', async () => {
    assert.equal(await problems({ champion: { ...held, slices: ['sex'] } }), 'none')
    const cases: readonly (readonly [object, RegExp])[] = [
      [
        { champion: { ...held, target: 'piad' } },
        /400 .*champion\.target.*no column 'piad'.*Did you mean 'paid'\?/,
      ],
      [{ champion: { ...held, slices: ['sex', ['sex', 'rase']] } }, /slices\.1.*no column 'rase'/],
      [{ champion: { ...held, data: 'azureml:laons@latest' } }, /champion\.data.*laons/],
      [{ champion: { ...held, target: 'constant' } }, /'constant' has one value only/],
      [
        { champion: { ...held, metrics: { roc_uac: { min: 0.7 } } } },
        /'roc_uac' is no metric\. Did you mean 'roc_auc'\?/,
      ],
      [{ champion: { ...held, metrics: { roc_auc: { mn: 0.7 } } } }, /mn.*did you mean min\?/],
      [
        { champion: { ...held, target: 'amount', metrics: ['roc_auc'] } },
        /'roc_auc' is a metric of binary tasks, and 'amount' has numbers/,
      ],
      [
        { champion: { ...held, metrics: ['mean_absolute_error'] } },
        /'mean_absolute_error' is a metric of regression tasks, and 'paid' has classes/,
      ],
      [
        { champion: { ...held, metrics: ['log_loss'], primary: 'los_log' } },
        /'los_log' is none of the metrics/,
      ],
      [
        { fairness: { ...held, sensitive_features: ['sexx'] } },
        /sensitive_features\.0.*no column 'sexx'.*Did you mean 'sex'\?/,
      ],
      [
        { fairness: { ...held, target: 'amount', sensitive_features: ['sex'] } },
        /Fairness is of classes, and 'amount' has about \d+ different numbers/,
      ],
      [
        { fairness: { ...held, sensitive_features: ['sex'], metric: 'demographic_parity_ration' } },
        /is no disparity\. Did you mean 'demographic_parity_ratio'\?/,
      ],
      [
        { fairness: { ...held, sensitive_features: ['sex'], metric: 'equalized_odds_ratio', max: 0.2 } },
        /a ratio has a min: 1 is parity/,
      ],
      [
        { fairness: { ...held, sensitive_features: ['sex'], min_group_sise: 3 } },
        /min_group_sise.*did you mean min_group_size\?/,
      ],
      [{ calibration: { ...held, slope: { min: 2 } } }, /min is not below max/],
      [
        { data_balance: { data: held.data, columns: ['amount', 'sex'], max: { statistical_parity: 1 } } },
        /say which column is the label \(target\)/,
      ],
      [
        { data_balance: { data: held.data, columns: ['sex'], max: { teil_l: 1 } } },
        /'teil_l' is no measure of balance\. Did you mean 'theil_l'\?/,
      ],
    ]
    for (const [gate, message] of cases) assert.match(await problems(gate), message)
  })

  test('let a gate judge the rows of the gate beside it', async () => {
    assert.match(await problems({ fairness: { sensitive_features: ['sex'] } }), /fairness needs data/)
    assert.equal(
      await problems({ champion: held }, { fairness: { sensitive_features: ['sex'] } }, 'calibration'),
      'none',
    )
    assert.match(
      await problems({ champion: held }, { fairness: { sensitive_features: ['sex'], target: 'piad' } }),
      /no column 'piad'/,
    )
  })

  test('measure the balance of data as the Responsible AI toolbox does', async () => {
    const asked = { data: 'azureml:persons:1', columns: 'gender', target: 'label' }
    const models = { candidate: `${twin.workspace}/models/loans/versions/1` }
    const { result } = await runGate(
      twin,
      dataBalanceGate,
      { ...asked, min_share: 0.2, max: { statistical_parity: 0.3 } },
      models,
    )
    const value = (name: string) =>
      result.measures.find((measure) => measure.name === `${name} of gender`)?.estimate ?? Number.NaN
    const near = (name: string, expected: number) =>
      assert.ok(Math.abs(value(name) - expected) < 1e-9, `${name} is ${value(name)}`)
    near('kullback_leibler', 0.03775534151008829)
    near('jensen_shannon', 0.09785224086736323)
    near('atkinson', 0.03850028646172776)
    near('theil_l', 0.039261011885461196)
    near('smallest_share', 2 / 9)
    near('statistical_parity', 0.5)
    assert.equal(result.verdict, 'fail')
    assert.match(result.summary, /^statistical_parity of gender is 0\.5, and has to be at most 0\.3/)
    const [gender] = (result.details as unknown as BalanceDetails).columns
    assert.deepEqual(gender?.gaps['statistical_parity'], { first: 'Male', second: 'Other', value: 0.5 })
    const told = await runGate(twin, dataBalanceGate, asked, models)
    assert.equal(told.result.verdict, 'not_applicable')
    await assert.rejects(
      runGate(twin, dataBalanceGate, { ...asked, positive: 3 }, models),
      /'3' \(positive\) is none of the classes 0, 1/,
    )
  })
})
