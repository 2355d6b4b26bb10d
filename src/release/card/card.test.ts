import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parse } from 'yaml'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { useOwnPython } from '../../testing/own-python.ts'
import { addGate } from '../testing/gates.ts'
import { approvals, type TestPerson } from '../testing/people.ts'
import type { ModelCard } from './card.ts'

const weighs = addGate('weighs')

describe('the model card', () => {
  let server: TestApp
  let lena: TestPerson
  const t = approvals(() => server)
  const card = async (model: string, as: Record<string, string> = lena.as) => {
    const path = `${server.workspace}/models/${model}/versions/1/card`
    const { status, body } = await server.send('POST', path, {}, as)
    return { status, ...(body as { card: ModelCard; markdown: string }) }
  }
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    lena = await t.person('lena', 'Owner')
    weighs.advance = () =>
      Promise.resolve({
        result: {
          verdict: 'pass',
          summary: 'It weighs <b>little</b> | and less.',
          measures: [
            {
              name: 'roc_auc',
              estimate: 0.75123,
              interval: { lower: 0.7, upper: 0.8, confidence: 0.95 },
              n: 1000,
              limit: 'at least 0.7',
              verdict: 'pass',
            },
            { name: 'roc_auc', estimate: null, slice: { carrier: 'A|A' }, n: 3 },
          ],
          notes: [],
          files: [],
          details: { data: 'held-out:2' },
        },
      })
  })
  after(() => server.end())

  test('of a version that nobody has looked at says what it cannot tell', async () => {
    await t.register('lonely', '1')
    const { status, card: found, markdown } = await card('lonely')
    assert.equal(status, 200)
    assert.deepEqual([found.model.name, found.model.version, found.evaluations], ['lonely', '1', []])
    assert.ok(found.notes.includes('No gate of a release has looked at it.'))
    assert.match(markdown, /Nobody has said: set the tag `intended_use` of the version\./)
  })

  test('has what gates found, who decided, and what people wrote, as data and as Markdown', async () => {
    await t.ok('PUT', t.planId('flights'), {
      properties: {
        model: 'flights',
        stages: [
          { name: 'production', gates: ['weighs'], approval: { roles: ['Owner'], not_requester: false } },
        ],
      },
    })
    await t.register('flights', '1')
    const version = `${server.workspace}/models/flights/versions/1`
    const { properties } = (await server.send('GET', version)).body as { properties: object }
    await t.ok('PUT', version, {
      properties: {
        ...properties,
        description: 'Tells whether a flight\nis late.',
        tags: { intended_use: 'Gates at *EWR* only', license: 'mit', season: 'winter' },
      },
    })
    await t.until('flights/1', ({ state }) => state === 'waiting')
    await t.ok('POST', `${t.releaseId('flights/1')}/approve`, { comment: 'worth it' }, lena.as)
    await t.until('flights/1', ({ state }) => state === 'succeeded')

    const { card: found, markdown } = await card('flights')
    assert.deepEqual(found.model.aliases, ['champion'])
    assert.equal(found.authored.intended_use, 'Gates at *EWR* only')
    assert.deepEqual(found.model.tags, { season: 'winter' })
    assert.deepEqual(found.data.evaluation, ['held-out:2'])
    assert.deepEqual(
      found.evaluations.map(({ gate, release, state }) => [gate, release, state]),
      [['weighs', 'flights/1', 'passed']],
    )
    assert.match(found.decisions[0]?.what ?? '', /^approved production of flights\/1 as Owner$/)

    const [, front = '', rest = ''] = /^---\n([^]*?)---\n([^]*)$/.exec(markdown) ?? []
    const metadata = parse(front) as Record<string, unknown>
    assert.deepEqual([metadata['license'], metadata['tags']], ['mit', ['season']])
    assert.ok(rest.includes(String.raw`Gates at \*EWR\* only`))
    assert.ok(rest.includes('Tells whether a flight is late.'))
    assert.ok(rest.includes(String.raw`It weighs \<b\>little\</b\> \| and less.`))
    assert.ok(rest.includes('| roc_auc |  | 0.7512 (95 %: 0.7 to 0.8) | 1000 | at least 0.7 | pass |'))
    assert.ok(rest.includes(String.raw`| carrier = A\|A | not defined | 3 |`))
    assert.match(rest, /lena approved production of flights\/1 as Owner: “worth it”/)
  })

  test('is for who may read the version; of releases one sees what one may read', async () => {
    const { status } = await card('flights', { authorization: 'Bearer nonsense' })
    assert.equal(status, 401)
    const missing = await card('nothing')
    assert.equal(missing.status, 404)
    const reader = await t.person('rita', 'Reader')
    assert.equal((await card('flights', reader.as)).status, 200)
  })
})
