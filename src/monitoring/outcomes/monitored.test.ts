import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { upload } from '../../testing/serving.ts'

/** Loans of which the class is true as often as the score and `off` say, as CSV; of `labelled` of them it is known. */
function loans(rows: number, off: number, labelled: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const score = (((i * 7919) % 1000) + 0.5) / 1000
    const paid = ((i * 104_729) % 997) / 997 < score + off
    const at = new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString()
    return [at, score, Number(score >= 0.5), i < labelled ? paid : '', i % 2 === 0 ? 'f' : 'm'].join(',')
  })
  return `at,score,decision,paid,sex\n${lines.join('\n')}\n`
}

describe('a monitor of how good a model is', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  const run = async (name: string, csv: string) => {
    const columns = {
      prediction_column: 'decision',
      probability_column: 'score',
      target_column: 'paid',
      time_column: 'at',
    }
    const data = (uri: string) => ({ jobInputType: 'uri_folder', uri, columns })
    const production = data(await upload(t, `${name}-now`, { 'loans.csv': csv }))
    const referenceData = data(await upload(t, `${name}-before`, { 'loans.csv': loans(6000, 0, 6000) }))
    const both = { productionData: production, referenceData }
    const threshold = (metric: string, value: number) => ({ metric, threshold: { value } })
    const id = `${t.workspace}/providers/Twinloop/monitorRuns/${name}-20260301T000000Z`
    const { status, body } = await t.send('PUT', id, {
      properties: {
        monitor: name,
        at: '2026-03-01T00:00:00Z',
        periodMs: 86_400_000,
        definition: {
          monitoringTarget: { taskType: 'Classification' },
          signals: {
            performance: {
              signalType: 'ModelPerformance',
              ...both,
              productionData: [production],
              metricThreshold: { modelType: 'Classification', ...threshold('Accuracy', 0.9) },
              segments: ['sex'],
              maturity: { labelled: 0.9, delay: 'P1D' },
            },
            estimate: { signalType: 'EstimatedPerformance', ...both, positiveLabel: true },
            concept: {
              signalType: 'ConceptDrift',
              ...both,
              metricThresholds: [threshold('concept_effect', 0.05), threshold('ConceptPValue', 0.001)],
            },
            people: { signalType: 'Fairness', productionData: production, sensitiveFeatures: 'sex' },
          },
        },
      },
    })
    assert.ok(status < 300, JSON.stringify(body))
    const ended = await t.until(id, (p) => p['state'] !== undefined && p['state'] !== 'Running')
    const { body: found } = await t.send('POST', `${id}/values`, {})
    return {
      signals: Object.fromEntries(
        (
          ended['signals'] as {
            name: string
            outcome: string
            reason?: string
            breached?: number
            provisional?: number
          }[]
        ).map(({ name: signal, ...rest }) => [signal, rest]),
      ),
      values: found.value as {
        signal: string
        metric: string
        segment?: object
        value: number
        breached?: boolean
        provisional?: boolean
      }[],
    }
  }

  test('finds what labels, probabilities, errors and groups tell', async () => {
    const { signals, values } = await run('good', loans(3000, 0.4, 3000))
    assert.deepEqual(
      Object.entries(signals).map(([name, { outcome, reason }]) => [name, outcome, reason]),
      [
        ['performance', 'computed', undefined],
        ['estimate', 'computed', undefined],
        ['concept', 'computed', undefined],
        ['people', 'computed', undefined],
      ],
    )
    const of = (signal: string, metric: string) =>
      values.find((one) => one.signal === signal && one.metric === metric && one.segment === undefined)
    assert.equal(of('performance', 'accuracy')?.breached, true)
    assert.equal(
      values.filter(({ metric, segment }) => metric === 'accuracy' && segment !== undefined).length,
      4,
    )
    // What is true has changed and the scores have not: only labels show it.
    assert.equal(of('estimate', 'estimated_accuracy')?.breached, false)
    assert.equal(of('concept', 'concept_effect')?.breached, true)
    assert.equal(of('concept', 'concept_p_value')?.breached, true)
    assert.equal(of('people', 'demographic_parity_ratio')?.breached, false)
  })

  test('judges nothing while labels are still to come', async () => {
    const { signals, values } = await run('early', loans(3000, 0.4, 1000))
    const judged = values.filter(({ signal, breached }) => signal !== 'estimate' && breached !== undefined)
    assert.deepEqual([...new Set(judged.map(({ metric }) => metric))], ['demographic_parity_ratio'])
    assert.ok((signals['performance']?.provisional ?? 0) > 0)
    const none = await run('none', loans(200, 0, 0))
    assert.match(
      none.signals['performance']?.reason ?? '',
      /None of the 200 predictions of the window has a label yet/,
    )
    assert.equal(none.signals['performance']?.outcome, 'no_data')
    assert.equal(none.signals['people']?.outcome, 'computed')
  })

  test('joins labels of a file: late, several of one row, and of rows that there are none', async () => {
    const said = await upload(t, 'said', {
      'said.csv': `id,decision\n${Array.from({ length: 100 }, (_, i) => `r${i},${i % 2}`).join('\n')}\n`,
    })
    const labels = [
      ...Array.from({ length: 95 }, (_, i) => `r${i},${1 - (i % 2)}`),
      // Said again, and this time right.
      ...Array.from({ length: 95 }, (_, i) => `r${i},${i % 2}`),
      'nobody,1',
    ]
    const truth = await upload(t, 'truth', { 'truth.csv': `request,came_true\n${labels.join('\n')}\n` })
    const id = `${t.workspace}/providers/Twinloop/monitorRuns/joined-20260301T000000Z`
    const source = (uri: string, columns: object, dataContext: string) => ({
      jobInputType: 'uri_folder',
      uri,
      dataContext,
      columns,
    })
    const productionData = [
      source(said, { prediction: 'decision', correlation_id: 'id' }, 'model_outputs'),
      source(truth, { target: 'came_true', correlation_id: 'request' }, 'ground_truth'),
    ]
    const { status, body } = await t.send('PUT', id, {
      properties: {
        monitor: 'joined',
        at: '2026-03-01T00:00:00Z',
        periodMs: 86_400_000,
        definition: {
          monitoringTarget: { taskType: 'Classification' },
          signals: { mine: { signalType: 'ModelPerformance', productionData } },
        },
      },
    })
    assert.ok(status < 300, JSON.stringify(body))
    const ended = await t.until(id, (p) => p['state'] !== undefined && p['state'] !== 'Running')
    const [signal] = ended['signals'] as { notes: string[]; outcome: string; reason?: string }[]
    assert.equal(signal?.outcome, 'computed', signal?.reason)
    const notes = signal.notes.join('\n')
    assert.match(notes, /95 rows of 100 have a label \(95%\)/)
    assert.match(notes, /Rows of .*truth.* with the id of another one: 95\. The last counts\./)
    assert.match(notes, /Ids of .*truth.* that no row of .*said.* has: 1\./)
    const { body: values } = await t.send('POST', `${id}/values`, {})
    const accuracy = (values.value as { metric: string; value: number }[]).find(
      (v) => v.metric === 'accuracy',
    )
    assert.equal(accuracy?.value, 1)
  })

  test('is refused where it could never find anything', async () => {
    const uri = await upload(t, 'checked', { 'loans.csv': loans(50, 0, 50) })
    const source = (columns: object) => ({ jobInputType: 'uri_folder', uri, columns })
    const named = { prediction_column: 'decision', probability_column: 'score' }
    const bare = { productionData: source(named), referenceData: source(named) }
    const refused = async (signal: object, taskType = 'Classification') => {
      const definition = { monitoringTarget: { taskType }, signals: { mine: signal } }
      const { status, body } = await t.send('POST', `${t.workspace}/checkMonitor`, {
        monitor: 'checked',
        definition,
        periodMs: 86_400_000,
      })
      assert.equal(status, 400, JSON.stringify(body))
      return JSON.stringify(body)
    }
    assert.match(
      await refused({ signalType: 'ModelPerformance', ...bare }),
      /productionData: nothing tells what came true: name its column as target_column/,
    )
    assert.match(await refused({ signalType: 'ConceptDrift', ...bare }), /nothing tells what came true/)
    assert.match(
      await refused({ signalType: 'EstimatedPerformance', ...bare }),
      /referenceData.*the reference has to tell what came true/,
    )
    const labelled = { productionData: source({ ...named, target_column: 'paid' }) }
    const limit = { metricThreshold: { modelType: 'Regression', metric: 'mae', threshold: { value: 1 } } }
    assert.match(
      await refused({ signalType: 'ModelPerformance', ...labelled, ...limit }),
      /mae is a metric of a regression, and the monitor's task is classification/,
    )
    assert.match(
      await refused({ signalType: 'Fairness', ...labelled, sensitiveFeatures: ['sex', 'age'] }),
      /sensitiveFeatures.*There is no column 'age'/,
    )
    assert.match(
      await refused({ signalType: 'Fairness', ...labelled, sensitiveFeatures: 'sex' }, 'Regression'),
      /fairness is judged by classes/,
    )
    assert.match(
      await refused({ signalType: 'Fairness', ...labelled, sensitiveFeatures: 'sex', segments: ['sex'] }),
      /fairness divides the rows by sensitive_features/,
    )
    assert.match(
      await refused({ signalType: 'Fairness', ...labelled }),
      /sensitiveFeatures|sensitive_features/,
    )
    assert.match(
      await refused({ signalType: 'ModelPerformance', ...labelled, maturity: { delay: 'soon' } }),
      /maturity\.delay.*expected a duration such as P7D/,
    )
  })
})
