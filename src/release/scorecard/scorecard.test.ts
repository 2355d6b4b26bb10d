import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { upload } from '../../testing/serving.ts'
import { useOwnPython } from '../../testing/own-python.ts'
import type { ReleaseState } from '../releases/release.ts'
import { addGate } from '../testing/gates.ts'
import { approvals, type TestPerson } from '../testing/people.ts'

const looks = addGate('looks')

describe('the model scorecard', () => {
  let server: TestApp
  let lena: TestPerson
  const t = approvals(() => server)
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    lena = await t.person('lena', 'Owner')
    looks.advance = async (context) => ({
      result: {
        verdict: 'fail',
        summary: 'It is <b>off</b>.',
        measures: [
          { name: 'distance', estimate: 3, limit: 'at most 2', verdict: 'fail' },
          { name: 'length', estimate: 1, limit: 'at most 2', verdict: 'pass' },
        ],
        notes: ['Measured with a <ruler>.'],
        files: [
          await context.keep({ name: 'seen.txt', title: 'What was seen', contentType: 'text/plain' }, 'this'),
        ],
      },
    })
  })
  after(() => server.end())
  const scorecard = async (label: string, headers: Record<string, string> = lena.as) =>
    fetch(`${server.app.platform.urls.http}${t.releaseId(label)}/scorecard`, { headers })

  test('tells of a blocked release what it misses, and of a waived one who let it pass, and is kept', async () => {
    await t.ok('PUT', t.planId('flights'), {
      properties: {
        model: 'flights',
        stages: [
          { name: 'production', gates: ['looks'], approval: { roles: ['Owner'], not_requester: false } },
        ],
      },
    })
    await t.register('flights', '1')
    await t.until('flights/1', ({ state }) => state === 'blocked')
    const response = await scorecard('flights/1')
    assert.equal(response.status, 200)
    assert.match(String(response.headers.get('content-security-policy')), /^sandbox; default-src 'none'/)
    const page = (await response.text()).replaceAll(/\s+/g, ' ')
    for (const said of [
      'Does not meet its targets: looks.',
      '1 of 2 targets met',
      'It is &lt;b&gt;off&lt;/b&gt;.',
      'looks: distance is 3, has to be at most 2 (failed)',
      'looks: Measured with a &lt;ruler&gt;.',
      'fairness: ',
      'No gate was waived.',
      'production/looks/1/seen.txt',
      'it was registered from files',
    ])
      assert.ok(page.includes(said), said)
    assert.ok(!/<script|<b>off|https?:\/\/|src=/.test(page), 'nothing of it is active or elsewhere')

    const waiver = { gate: 'looks', reason: 'the ruler is bent', days: 7 }
    const done = await server.send('POST', `${t.releaseId('flights/1')}/waive`, waiver, lena.as)
    assert.equal(done.status, 200, JSON.stringify(done.body))
    const waiting: ReleaseState = await t.until('flights/1', ({ state }) => state === 'waiting')
    assert.match(String(waiting.stages[0]?.scorecard?.sha256), /^[0-9a-f]{64}$/)
    const kept = await fetch(
      `${server.app.platform.urls.http}${t.releaseId('flights/1')}/evidence/production/scorecard.html`,
      { headers: lena.as },
    )
    const then = await kept.text()
    assert.ok(then.includes('Meets its targets, but for what was waived: looks.'))
    assert.match(then, /waived by\s+lena\s+on[\s\S]+“the ruler is bent”/)
    assert.ok(then.includes('Nobody was asked to approve it so far.'))

    await t.decide(lena, 'flights/1', 'approve', { comment: 'fine <for> me' })
    await t.until('flights/1', ({ state }) => state === 'succeeded')
    const now = await (await scorecard('flights/1')).text()
    assert.match(now, /<strong>lena<\/strong>\s+approved as\s+Owner[\s\S]+“fine &lt;for&gt; me”/)
  })

  test('tells what a version is for, and what it takes and gives', async () => {
    await t.ok('PUT', t.planId('cards'), {
      properties: { model: 'cards', stages: [{ name: 'test', gates: ['looks'] }] },
    })
    const inputs = '[{"type": "double", "name": "income", "required": true}]'
    const described = `signature:\n  inputs: '${inputs}'\n  outputs: '[{"type": "string"}]'\n`
    const modelUri = await upload(server, 'LocalUpload/cards', { MLmodel: described })
    const description = 'Says who pays.'
    const properties = { modelUri, modelType: 'mlflow_model', description, tags: { owner: 'risk' } }
    await t.ok('PUT', `${server.workspace}/models/cards/versions/1`, { properties })
    await t.until('cards/1', ({ state }) => state === 'blocked')
    const page = await (await scorecard('cards/1')).text()
    for (const said of ['Says who pays.', 'owner: risk', 'income: double'])
      assert.ok(page.includes(said), said)
  })

  test('is for who may read the release', async () => {
    const nobody = await t.person('nobody')
    assert.equal((await scorecard('flights/1', nobody.as)).status, 403)
    assert.equal((await scorecard('flights/1', {})).status, 401)
    assert.equal((await scorecard('flights/9')).status, 404)
  })
})
