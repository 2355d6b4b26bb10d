import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import type { Flight } from './flights.ts'
import { labelsOf, lastRequest, send } from './send.ts'

const flights: readonly Flight[] = [true, false, undefined, true, false].map((late, i) => ({
  values: [`flight ${i}`],
  late,
}))

/** An endpoint that answers so, and keeps what it was asked, by the id of the request. */
async function endpoint(context: TestContext, status = 200) {
  const asked = new Map<string, { key: string | undefined; rows: unknown[][] }>()
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { data } = (body as { input_data: { data: unknown[][] } }).input_data
      asked.set(String(request.headers['x-request-id']), { key: request.headers.authorization, rows: data })
      response.writeHead(status).end('[]')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  return {
    asked,
    at: { uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`, key: 'secret' },
  }
}

test('flights are asked about in their order, by requests with ids', async (context) => {
  const { asked, at } = await endpoint(context)
  const sent: number[] = []
  const { signal } = new AbortController()
  await send('2013-04', flights, at, { signal, perRequest: 2, atOnce: 1, sent: (rows) => sent.push(rows) })
  assert.deepEqual(
    [...asked].map(([id, { rows }]) => [id, rows.flat()]),
    [
      ['2013-04-00001', ['flight 0', 'flight 1']],
      ['2013-04-00002', ['flight 2', 'flight 3']],
      ['2013-04-00003', ['flight 4']],
    ],
  )
  assert.equal(asked.get('2013-04-00001')?.key, 'Bearer secret')
  assert.deepEqual(sent, [2, 2, 1])
  assert.equal(lastRequest('2013-04', flights, 2), '2013-04-00003')
})

test('what became of them is told by the same ids, but of those that never arrived', () => {
  assert.equal(
    labelsOf('2013-04', flights, 2),
    [
      'correlationid,row,late',
      '2013-04-00001,0,true',
      '2013-04-00001,1,false',
      '2013-04-00002,1,true',
      '2013-04-00003,0,false',
      '',
    ].join('\n'),
  )
})

test('an answer that is none ends it, naming the request', async (context) => {
  const { at } = await endpoint(context, 503)
  const { signal } = new AbortController()
  await assert.rejects(
    send('2013-04', flights, at, { signal, perRequest: 5, atOnce: 1 }),
    /answered 503 to 2013-04-00001/,
  )
})
