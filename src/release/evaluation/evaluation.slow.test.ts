import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { near } from '../../statistics/metrics/testing/rows.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { calibrationGate } from '../gates/calibration/gate.ts'
import type { CalibrationDetails } from '../gates/calibration/evaluate.ts'
import type { ChampionDetails } from '../gates/champion/evaluate.ts'
import { championGate } from '../gates/champion/gate.ts'
import type { FairnessDetails } from '../gates/fairness/details.ts'
import { fairnessGate } from '../gates/fairness/gate.ts'
import type { GateResult, Measure } from '../gates/gate.ts'
import { approvals } from '../testing/people.ts'
import { runGate } from '../testing/run-gate.ts'
import { openLaboratory, type Laboratory } from '../testing/trained-models.ts'
import { countsAt, countsOfBins } from '../../statistics/metrics/ranking/score-bins.ts'
import { rocAuc } from '../../statistics/metrics/ranking/ranking.ts'
import type { PredictionSummary } from './summary/summary.ts'
import { oracle, train } from './testing/loans.ts'

describe('gates that judge predictions', () => {
  let twin: TestApp
  let laboratory: Laboratory
  /** What scikit-learn and fairlearn say of the same rows. */
  let expected: Oracle
  const model = (name: string) => `${twin.workspace}/models/${name}/versions/1`
  const both = () => ({ candidate: model('better'), champion: model('worse') })

  const people = approvals(() => twin)

  before(async () => {
    twin = await startTestApp()
    laboratory = await openLaboratory(twin)
    await laboratory.train(train, ['better', 'worse', 'unsigned', 'amounts', 'brittle', 'species'])
    const table = (name: string) => readFileSync(join(laboratory.folder, `${name}.csv`), 'utf8')
    await laboratory.data('loans', table('loans'))
    await laboratory.data('flowers', table('flowers'))
    expected = (await laboratory.run(oracle, laboratory.folder)) as Oracle
  })
  after(() => twin.end())

  const held = { data: 'azureml:loans@latest', target: 'paid' }

  test('champion: figures are scikit-learn’s, a better model is superior, and rows are scored once', async () => {
    const names = ['roc_auc', 'log_loss', 'average_precision', 'brier_score', 'accuracy', 'f1_score', 'ks']
    const metrics = Object.fromEntries(names.map((name) => [name, { not_worse_than: 'champion' }]))
    const asked = {
      ...held,
      metrics: { ...metrics, roc_auc: { min: 0.7, better_than: 'champion' } },
      slices: ['sex'],
    }
    const { result, files, jobs } = await runGate(twin, championGate, asked, both())
    assert.equal(result.verdict, 'pass', result.summary)
    assert.match(result.summary, /^roc_auc is 0\.8\d+, the champion's \(worse:1\) 0\.6\d+: superior\.$/)
    for (const name of names) {
      near(measure(result, name).estimate ?? 0, expected.candidate[name] ?? 1, 1e-9)
      near(measure(result, name, 'champion').estimate ?? 0, expected.champion[name] ?? 1, 1e-9)
    }
    const difference = measure(result, 'roc_auc', 'difference')
    assert.equal(difference.method, 'DeLong')
    assert.deepEqual([difference.verdict, difference.limit], ['pass', 'better than the champion'])
    for (const sex of ['f', 'm']) {
      const slice = result.measures.find(({ name, slice: own }) => name === 'roc_auc' && own?.['sex'] === sex)
      near(slice?.estimate ?? 0, expected.slices[sex] ?? 1, 1e-9)
    }
    const details = result.details as unknown as ChampionDetails
    assert.deepEqual([details.task, details.classes, details.rows], ['binary', ['no', 'yes'], 1500])
    assert.deepEqual(details.curves.candidate.confusion, expected.confusion)
    assert.deepEqual(Object.keys(JSON.parse(files.get('findings.json') ?? '{}')).includes('measures'), true)
    assert.equal(jobs.length, 1)

    const kept = JSON.parse(files.get('predictions.json') ?? '{}') as PredictionSummary
    assert.deepEqual([kept.task, kept.rows, kept.target, kept.independent], ['binary', 1500, 'paid', true])
    for (const { role, scores, confusion: counts, failed } of kept.models) {
      assert.ok(scores !== undefined && failed === 0)
      const figures = role === 'candidate' ? expected.candidate : expected.champion
      near(rocAuc(countsOfBins(scores)), figures['roc_auc'] ?? 1, 2e-3)
      const half = countsAt(scores, 0.5)
      assert.deepEqual(counts, [
        [half.trueNegative, half.falsePositive],
        [half.falseNegative, half.truePositive],
      ])
    }
    const bySex = kept.slices.find(({ column }) => column === 'sex')
    assert.deepEqual(bySex?.groups.map(({ value }) => value).toSorted(), ['f', 'm'])
    assert.equal(bySex?.declared, true)
    const wrong = (bySex?.groups ?? []).reduce((sum, { candidate }) => sum + candidate.sum, 0)
    const [[, fp = 0] = [], [fn = 0] = []] = kept.models[0]?.confusion ?? []
    assert.equal(wrong, fp + fn)
    assert.ok((files.get('predictions.json') ?? '').length < 60_000)

    const again = await runGate(twin, championGate, held, both())
    assert.equal(again.result.verdict, 'pass')
    const steps = await twin.send('GET', `${twin.workspace}/jobs?parentJobName=${again.jobs[0]?.name}`)
    const reused = (steps.body.value as { properties: Record<string, unknown> }[]).map(({ properties }) => [
      properties['displayName'] ?? properties['stepName'],
      properties['reusedFrom'] !== undefined && properties['reusedFrom'] !== null,
    ])
    assert.equal(reused.filter(([, isReused]) => isReused).length, 3, JSON.stringify(reused))
  })

  test('champion: a worse model is inferior, and alone it has only thresholds', async () => {
    const worse = await runGate(twin, championGate, held, {
      candidate: model('worse'),
      champion: model('better'),
    })
    assert.equal(worse.result.verdict, 'fail')
    assert.match(
      worse.result.summary,
      /^The difference of roc_auc to the champion's is -0\.1\d+ .*, and has to be not worse than/,
    )
    assert.match(measure(worse.result, 'roc_auc', 'difference').note ?? '', /^Inferior/)

    const alone = await runGate(twin, championGate, held, { candidate: model('worse') })
    assert.equal(alone.result.verdict, 'not_applicable')
    assert.ok(alone.result.notes.includes('There is no champion yet: only thresholds are judged.'))
    const strict = { ...held, metrics: { roc_auc: { min: 0.64 }, accuracy: { min: 0.9 } } }
    const judged = await runGate(twin, championGate, strict, { candidate: model('worse') })
    assert.equal(judged.result.verdict, 'fail')
    assert.equal(measure(judged.result, 'roc_auc').verdict, 'inconclusive')
    assert.match(measure(judged.result, 'roc_auc').note ?? '', /About [\d,]+ rows would tell/)
    assert.equal(measure(judged.result, 'accuracy').verdict, 'fail')
  })

  test('champion: rows that the champion fails on are kept, those that the candidate fails on fail it', async () => {
    const kept = await runGate(twin, championGate, held, {
      candidate: model('better'),
      champion: model('brittle'),
    })
    assert.equal(kept.result.verdict, 'pass', kept.result.summary)
    assert.ok(
      kept.result.notes.some((note) => /has no answer to 7 rows .*taken to have been right/.test(note)),
    )
    const lost = await runGate(twin, championGate, held, {
      candidate: model('brittle'),
      champion: model('worse'),
    })
    assert.equal(lost.result.verdict, 'fail')
    const errors = measure(lost.result, 'error_rate')
    near(errors.estimate ?? 0, 7 / 1500)
    assert.match(errors.note ?? '', /No answer to 7 rows: .*too old/)
    assert.equal(
      (
        await runGate(
          twin,
          championGate,
          { ...held, max_errors: '1%', metrics: ['roc_auc'] },
          { candidate: model('brittle'), champion: model('worse') },
        )
      ).result.verdict,
      'pass',
    )
  })

  test('champion: a model without a signature whose predict() gives probabilities answers as the model does', async () => {
    const models = { candidate: model('unsigned'), champion: model('better') }
    const { result } = await runGate(
      twin,
      championGate,
      { ...held, metrics: ['roc_auc', 'accuracy'] },
      models,
    )
    assert.equal(result.verdict, 'pass', result.summary)
    near(measure(result, 'roc_auc').estimate ?? 0, expected.candidate['roc_auc'] ?? 1, 1e-9)
    assert.match(measure(result, 'accuracy', 'difference').note ?? '', /Both models answer alike/)
  })

  test('champion: several classes, and numbers', async () => {
    const species = await runGate(
      twin,
      championGate,
      {
        data: 'azureml:flowers:1',
        target: 'species',
        metrics: {
          roc_auc_ovr: { min: 0.5 },
          roc_auc_ovr_weighted: null,
          roc_auc_ovo: null,
          log_loss: null,
          f1_score_macro: null,
          matthews_correlation: null,
        },
      },
      { candidate: model('species') },
    )
    assert.equal(species.result.verdict, 'pass', species.result.summary)
    for (const [name, value] of Object.entries(expected.species))
      near(measure(species.result, name).estimate ?? 0, value, 1e-9)
    const amounts = await runGate(
      twin,
      championGate,
      {
        ...held,
        target: 'amount',
        metrics: { root_mean_squared_error: { max: 25 }, mean_absolute_error: null, r2_score: { min: 0.5 } },
      },
      { candidate: model('amounts') },
    )
    assert.equal(amounts.result.verdict, 'pass', amounts.result.summary)
    for (const [name, value] of Object.entries(expected.amounts))
      near(measure(amounts.result, name).estimate ?? 0, value, 1e-9)
    const kept = JSON.parse(amounts.files.get('predictions.json') ?? '{}') as PredictionSummary
    const [{ truth, residuals, bands = [] } = { truth: undefined, residuals: undefined }] = kept.models
    for (const grid of [truth, residuals])
      assert.equal(
        grid?.cells.reduce((sum, [, , count]) => sum + count, grid.outside),
        kept.rows,
      )
    assert.ok(bands.length === 20 && bands.every(({ p10, p50, p90 }) => p10 <= p50 && p50 <= p90))
  })

  test('fairness: figures are fairlearn’s, with a verdict by confidence', async () => {
    const { result } = await runGate(
      twin,
      fairnessGate,
      {
        ...held,
        sensitive_features: ['sex', 'race'],
        metrics: Object.fromEntries(Object.keys(expected.fairness).map((name) => [name, {}])),
        min_group_size: 30,
      },
      both(),
    )
    const details = result.details as unknown as FairnessDetails
    assert.deepEqual(
      details.features.map(({ name }) => name),
      ['sex', 'race', 'sex and race'],
    )
    for (const [metric, by] of Object.entries(expected.fairness))
      for (const [name, value] of Object.entries(by)) {
        const feature = details.features.find((found) => found.name === name)
        near(feature?.disparities.find((found) => found.metric === metric)?.value ?? Number.NaN, value, 1e-9)
      }
    for (const { name, frame } of details.features)
      for (const { metric, groups, overall } of frame) {
        const oracle = expected.frames[name]?.[metric]
        if (oracle === undefined) continue
        near(overall ?? Number.NaN, oracle.overall, 1e-9)
        for (const [group, value] of Object.entries(oracle.groups))
          near(groups[group] ?? Number.NaN, value, 1e-9)
      }
    assert.equal(result.verdict, 'fail', result.summary)
    const lenient = { ...held, sensitive_features: 'sex', metric: 'demographic_parity_difference', max: 0.5 }
    const passed = await runGate(
      twin,
      fairnessGate,
      { ...lenient, not_worse_than: 'champion', margin: 0.3 },
      both(),
    )
    assert.equal(passed.result.verdict, 'pass', passed.result.summary)
    const few = await runGate(twin, fairnessGate, { ...lenient, min_group_size: 5000 }, both())
    assert.equal(few.result.verdict, 'inconclusive')
    assert.match(few.result.summary, /Fewer than two groups have rows enough/)
  })

  test('calibration: figures are those of scikit-learn and of logistic regression', async () => {
    const { result } = await runGate(twin, calibrationGate, { ...held, strategy: 'uniform' }, both())
    const { calibration } = expected
    near(measure(result, 'observed_over_expected').estimate ?? 0, calibration.ratio, 1e-9)
    near(measure(result, 'calibration_slope').estimate ?? 0, calibration.slope, 1e-4)
    near(measure(result, 'brier_score').estimate ?? 0, expected.candidate['brier_score'] ?? 1, 1e-9)
    near(measure(result, 'spiegelhalter_z').estimate ?? 0, calibration.spiegelhalter, 1e-9)
    const [own] = (result.details as unknown as CalibrationDetails).classes
    own?.candidate.curve.forEach(({ observed, predicted }, i) => {
      near(observed, calibration.curve[0][i] ?? 1, 1e-4)
      near(predicted, calibration.curve[1][i] ?? 1, 1e-4)
    })
    assert.equal(own?.candidate.curve.length, calibration.curve[0].length)
    assert.notEqual(result.verdict, 'fail', result.summary)
  })

  test('a release asks them side by side, scores once, and keeps pages to be read', async () => {
    for (const [version, name] of [
      ['1', 'worse'],
      ['2', 'better'],
    ] as const) {
      const { properties } = (await twin.send('GET', model(name))).body
      const { modelUri, modelType } = properties
      await people.ok('PUT', `${twin.workspace}/models/lender/versions/${version}`, {
        properties: { modelUri, modelType },
      })
    }
    await people.ok('POST', `${twin.workspace}/models/lender/setAlias`, { alias: 'champion', version: '1' })
    const gates = [{ champion: held }, { fairness: { sensitive_features: ['sex'], max: 0.5 } }, 'calibration']
    await people.ok('PUT', people.planId('lender'), {
      properties: {
        model: 'lender',
        start: { on: ['alias'], alias: 'never' },
        stages: [{ name: 'test', gates }],
      },
    })
    await people.ok('POST', `${people.planId('lender')}/start`, { version: '2' })
    const { state, stages } = await people.until(
      'lender/1',
      ({ state }) => state === 'succeeded' || state === 'blocked',
    )
    const found = stages[0]?.gates.map(({ name, state: own, result, error }) => [
      name,
      own,
      result?.summary ?? error,
    ])
    assert.equal(state, 'succeeded', JSON.stringify(found))
    const page = await twin.send(
      'GET',
      `${people.releaseId('lender/1')}/evidence/test/champion/1/report.html`,
    )
    assert.equal(page.status, 200)
    assert.match(String(page.body), /<h1>lender\/1 champion .*<svg class="plot"/s)
    const jobs = await twin.app.platform.resources.list({
      type: 'workspaces/jobs',
      scope: twin.workspace,
      view: 'all',
    })
    const scored = jobs.filter(
      ({ properties, status }) =>
        properties['stepName'] === 'candidate' &&
        status['reusedFrom'] === undefined &&
        String(status['rootJobName']).startsWith('release-lender'),
    )
    assert.ok(scored.length <= 1, `${scored.length} jobs scored the candidate`)
  })

  test('what cannot be looked at is an error with a reason', async () => {
    const throws = (gate: Parameters<typeof runGate>[1], given: object, candidate: string, message: RegExp) =>
      assert.rejects(runGate(twin, gate as never, given as never, { candidate: model(candidate) }), message)
    await throws(
      championGate,
      { ...held, target: 'piad' },
      'better',
      /no column 'piad'.*Did you mean 'paid'\?/s,
    )
    await throws(
      championGate,
      { ...held, positive: 'yep' },
      'better',
      /'yep' \(positive\) is none of the classes no, yes/,
    )
    await throws(calibrationGate, { ...held, target: 'amount' }, 'amounts', /this is a regression/)
    await throws(
      championGate,
      { ...held, target: 'amount', metrics: ['roc_auc'] },
      'amounts',
      /'roc_auc' is a metric of binary tasks, and this one is regression/,
    )
    await throws(
      championGate,
      { data: 'azureml:flowers:1', target: 'species' },
      'better',
      /Scoring with the candidate failed .*The model needs income/s,
    )
  })
})

interface Oracle {
  readonly candidate: Readonly<Record<string, number>>
  readonly champion: Readonly<Record<string, number>>
  readonly slices: Readonly<Record<string, number>>
  readonly confusion: readonly (readonly number[])[]
  readonly species: Readonly<Record<string, number>>
  readonly amounts: Readonly<Record<string, number>>
  readonly fairness: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly frames: Readonly<
    Record<string, Readonly<Record<string, { overall: number; groups: Record<string, number> }>>>
  >
  readonly calibration: {
    readonly ratio: number
    readonly slope: number
    readonly spiegelhalter: number
    readonly curve: readonly [observed: readonly number[], predicted: readonly number[]]
  }
}

function measure({ measures }: GateResult, name: string, of?: Measure['of']): Measure {
  const found = measures.find(
    (one) => one.name === name && (one.of ?? 'candidate') === (of ?? 'candidate') && one.slice === undefined,
  )
  assert.ok(found, `no measure ${name} ${of ?? ''} among ${measures.map((one) => one.name).join(', ')}`)
  return found
}
