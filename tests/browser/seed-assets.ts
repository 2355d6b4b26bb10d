import assert from 'node:assert/strict'
import { summaryOf } from '../../src/release/evaluation/summary/summary.ts'
import { addGate } from '../../src/release/testing/gates.ts'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { upload } from '../../src/testing/serving.ts'
import { longName, oddName } from './seed.ts'

const judges = addGate('judges')

/** As long as a name may be. */
export const longest = longName.slice(0, 255)

const csv = (rows: number, shift: number, extra: string) =>
  [
    `temp,carrier,${extra}`,
    ...Array.from(
      { length: rows },
      (_, i) =>
        `${((i * 37) % 50) + shift},${shift > 0 && i % 5 === 0 ? 'ZZ' : `A${i % 3}`},${i % 7 === 0 ? '' : 'x'}`,
    ),
  ].join('\n')

const mlmodel = (inputs: readonly string[]) =>
  `flavors:\n  sklearn: {sklearn_version: 1.9.1}\nsignature:\n  inputs: '${JSON.stringify(
    inputs.map((name) => ({ type: 'double', name, required: true })),
  )}'\n`

/** What two classifiers said of a few thousand rows, as a gate would keep it. */
function predictions() {
  const n = 3000
  const at = (i: number, seed: number) => ((i * seed) % n) / n
  const scores = Float64Array.from({ length: n }, (_, i) => at(i, 7919))
  const labels = Float64Array.from({ length: n }, (_, i) => Number(at(i, 104_729) < (scores[i] ?? 0)))
  const answers = (shift: number) => {
    const own = scores.map((score, i) => Math.min(1, Math.max(0, score + shift * (at(i, 31) - 0.5))))
    return { scores: own, predictions: own.map((s) => Number(s >= 0.5)), failed: 0, errors: [], notes: [] }
  }
  const carriers = Array.from({ length: n }, (_, i) => (i < 20 ? oddName : `A${i % 3}`))
  return summaryOf(
    {
      task: 'binary',
      classes: ['no', 'late'],
      rows: n,
      labels,
      candidate: answers(0.1),
      champion: answers(0.9),
      dependence: { by: 'row' },
      columns: new Map([['carrier', { kind: 'texts', values: carriers }]]),
      features: [],
      notes: [],
    },
    'late',
    { candidate: 'delay:2', champion: 'delay:1', data: 'held-out:1', seed: 1 },
  )
}

/** A server with data and models to be compared: two versions of each, a contract, a release that judged both. */
export async function startAssets(): Promise<TestApp> {
  const t = await startTestApp()
  useOwnPython(t.home)
  const put = async (path: string, properties: object) => {
    const { status, body } = await t.send('PUT', `${t.workspace}/${path}`, { properties })
    assert.ok(status < 300, `PUT ${path}: ${status} ${JSON.stringify(body)}`)
  }
  const file = async (name: string, version: string, text: string) => {
    const place = await upload(t, `LocalUpload/${name.slice(0, 20)}-${version}`, { 'd.csv': text })
    await put(`data/${name}/versions/${version}`, {
      dataType: 'uri_file',
      dataUri: `${place}/d.csv`,
      description: oddName,
    })
    await t.until(
      `${t.workspace}/data/${name}/versions/${version}`,
      ({ facts }) => (facts as { state?: string } | undefined)?.state === 'recorded',
    )
  }
  await put('providers/Twinloop/dataContracts/delays', {
    data: 'delays',
    checks: [{ carrier: { in: ['A0', 'A1', 'A2'] } }, { row_count: { min: 10 } }],
  })
  await file('delays', '1', csv(600, 0, 'רכבת'))
  await file('delays', '2', csv(500, 20, '🛫'))
  await file(longest, '1', csv(20, 0, 'c'))
  await t.until(`${t.workspace}/data/delays/versions/2`, ({ contract }) => contract === 'failed')

  await put('environments/small/versions/1', {
    description: oddName,
    condaFile: 'dependencies:\n  - python=3.11\n',
  })
  await put('components/works/versions/1', {
    componentSpec: {
      name: 'works',
      version: '1',
      type: 'command',
      command: 'true',
      environment: ownPython,
      inputs: { rate: { type: 'number', default: 0.1 } },
    },
  })

  judges.advance = async (context) => ({
    result: {
      verdict: 'pass',
      summary: 'roc_auc is 0.8: superior.',
      measures: [
        { name: 'roc_auc', estimate: 0.8, interval: { lower: 0.78, upper: 0.82, confidence: 0.95 }, n: 3000 },
        {
          name: 'roc_auc',
          of: 'difference',
          estimate: 0.1,
          interval: { lower: 0.05, upper: 0.15, confidence: 0.95 },
          n: 3000,
          verdict: 'pass',
        },
      ],
      notes: [],
      files: [
        await context.keep(
          { name: 'predictions.json', title: 'What was said', contentType: 'application/json' },
          JSON.stringify(predictions()),
        ),
      ],
    },
  })
  const model = async (name: string, version: string, inputs: readonly string[]) =>
    put(`models/${name}/versions/${version}`, {
      modelType: 'mlflow_model',
      modelUri: await upload(t, `LocalUpload/${name.slice(0, 20)}-${version}/model`, {
        MLmodel: mlmodel(inputs),
        'weights.txt': version,
      }),
      tags: { roc_auc: version === '1' ? '0.7' : '0.8', words: oddName },
    })
  await model('delay', '1', ['seats', 'temp'])
  await t.send('POST', `${t.workspace}/models/delay/setAlias`, { alias: 'champion', version: '1' })
  const plan = 'providers/Twinloop/releasePlans/delay'
  await put(plan, {
    model: 'delay',
    stages: [{ name: 'staging', gates: ['judges'], approval: { roles: ['Owner'], not_requester: false } }],
  })
  await model('delay', '2', ['temp', 'wind'])
  await model(longest, '1', ['a'])
  await t.until(`${t.workspace}/${plan}/releases/1`, (release) => release['state'] === 'waiting')
  return t
}
