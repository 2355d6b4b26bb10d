import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEvents } from './event-stream.ts'

/** A body that arrives in these pieces. */
const body = (...pieces: readonly string[]) =>
  ReadableStream.from(pieces.map((piece) => new TextEncoder().encode(piece)))

test('events are read across pieces; comments and other fields are not events', async () => {
  const stream = body(
    ': connected\n\nid: 7\nevent: A\nda',
    'ta: {"type":"A",\ndata: "data":{"n":1}}\n',
    '\n: beat\n\n',
    'data:{"type":"B"',
  )
  const read = await Array.fromAsync(readEvents(stream))
  assert.deepEqual(read, [{ type: 'A', data: { n: 1 } }])
})

test('an event that is not JSON is an error', async () => {
  await assert.rejects(Array.fromAsync(readEvents(body('data: oops\n\n'))), SyntaxError)
})
