import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'

let t: TestApp
before(async () => {
  t = await startTestApp()
})
after(() => t.end())

const check = async (grammar: string, document: unknown, path?: readonly (string | number)[]) =>
  t.send('POST', `${t.workspace}/checkDocument`, {
    grammar,
    document,
    ...(path === undefined ? {} : { path }),
  })

test('a document is checked by its words alone, each mistake at its place', async () => {
  const { status, body } = await check('releasePlan', {
    model: 'm',
    stages: [{ name: 'test', gates: [{ champoin: { data: 'azureml:d:1', target: 'y' } }] }],
  })
  assert.equal(status, 200)
  assert.deepEqual(body, {
    mistakes: [
      {
        path: ['stages', 0, 'gates', 0, 'champoin'],
        part: 'key',
        message: "stages[0].gates[0].champoin: there is no gate 'champoin'",
        hint: 'did you mean champion?',
      },
    ],
  })
})

test('a part of a document is checked where it stands', async () => {
  const { body } = await check('signal', { type: 'data_dirft' }, [
    'create_monitor',
    'monitoring_signals',
    's',
  ])
  const [mistake] = (body as { mistakes: { path: unknown; hint: string }[] }).mistakes
  assert.deepEqual(mistake?.path, ['create_monitor', 'monitoring_signals', 's', 'type'])
  assert.equal(mistake?.hint, 'did you mean data_drift?')
})

test('every grammar has a schema, with what each field is', async () => {
  const schemas: Record<string, { properties?: Record<string, { description?: string }> }> = {}
  for (const grammar of [
    'releasePlan',
    'repository',
    'signal',
    'dataContract',
    'alertRule',
    'alertRouting',
    'silence',
  ]) {
    const { status, body } = await t.send('POST', `${t.workspace}/documentSchema`, { grammar })
    assert.equal(status, 200, grammar)
    schemas[grammar] = body as (typeof schemas)[string]
  }
  assert.match(schemas['releasePlan']?.properties?.['stages']?.description ?? '', /passes through/)
  const text = JSON.stringify(schemas['releasePlan'])
  for (const word of ['champion', 'sensitive_features', 'error_rate', 'binary'])
    assert.ok(text.includes(word), word)
  assert.ok(JSON.stringify(schemas['signal']).includes('normalized_wasserstein_distance'))
})

test('a grammar that there is not is told with the nearest', async () => {
  const { status, body } = await check('releasePlans', {})
  assert.equal(status, 400)
  assert.match(JSON.stringify(body), /did you mean releasePlan\?/)
})
