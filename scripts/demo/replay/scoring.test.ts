import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { rocAuc, scoreFlights } from './scoring.ts'
import type { Scored } from './scoring.ts'

const scored = (chance: number, late: boolean) => ({ chance, late }) as Scored

test('the ROC AUC counts pairs in the right order, ties by half', () => {
  assert.equal(rocAuc([scored(0.9, true), scored(0.1, false)]), 1)
  assert.equal(rocAuc([scored(0.1, true), scored(0.9, false)]), 0)
  assert.equal(rocAuc([scored(0.5, true), scored(0.5, false)]), 0.5)
  assert.equal(rocAuc([scored(0.8, true), scored(0.4, true), scored(0.5, false), scored(0.2, false)]), 0.75)
  assert.equal(rocAuc([scored(0.8, true)]), NaN)
})

test('predictions are set beside what happened; a refusal or a wrong count is an error', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const answers: [number, string][] = []
  const server = createServer((request, response) => {
    const [status, body] =
      request.headers.authorization === 'Bearer k' ? (answers.shift() ?? [500, '']) : [401, 'no']
    response.writeHead(status).end(body)
  })
  t.after(() => {
    server.close()
    rmSync(folder, { recursive: true })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`
  writeFileSync(join(folder, 'request.json'), '{}')
  writeFileSync(
    join(folder, 'arrivals.json'),
    '[{"flight": "UA 1", "minutes_late": 16}, {"flight": "UA 2", "minutes_late": 15}]',
  )
  const ask = (key: string) => scoreFlights(folder, { uri, key, signal: AbortSignal.timeout(10_000) })

  answers.push([200, '[[0.3, 0.7], [0.8, 0.2]]'])
  const flights = await ask('k')
  assert.deepEqual(
    flights.map(({ flight, chance, late }) => [flight, chance, late]),
    [
      ['UA 1', 0.7, true],
      ['UA 2', 0.2, false],
    ],
  )
  answers.push([200, '[[0.3, 0.7]]'])
  await assert.rejects(ask('k'), /2 flights were sent and 1 predictions came back/)
  answers.push([424, 'model error'])
  await assert.rejects(ask('k'), /answered 424: model error/)
  await assert.rejects(ask('wrong'), /answered 401/)
})
