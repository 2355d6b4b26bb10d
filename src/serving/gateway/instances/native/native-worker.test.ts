import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ScoringRequest } from '../instance.ts'
import { NativeWorker, type NativeResult } from './native-worker.ts'

/** Speaks as worker.ts does; answers a body with itself, declines `no`, ends at `die`. */
const thread = new URL(
  `data:text/javascript,${encodeURIComponent(`
import { parentPort } from 'node:worker_threads'
parentPort.on('message', ({ ends, bytes }) => {
  const bodies = ends.map((end, i) => Buffer.from(bytes).subarray(i ? ends[i - 1] : 0, end).toString())
  if (bodies.includes('die')) process.exit(3)
  const parts = bodies.map((body) => (body === 'no' ? '' : body))
  const said = new TextEncoder().encode(parts.join(''))
  let end = 0
  parentPort.postMessage({
    ends: parts.map((part) => (end += part.length)), rows: parts.map((part) => (part ? 1 : 0)),
    milliseconds: 1, together: parts.map(() => parts.length), bytes: said,
  })
})
parentPort.postMessage({ ready: true })`)}`,
)

const request = (body: string): ScoringRequest => ({
  operation: 'score',
  requestId: '',
  contentType: 'application/json',
  body: Buffer.from(body),
  abandoned: false,
})

async function start() {
  let changed = Promise.withResolvers<unknown>()
  const worker = new NativeWorker(
    '',
    (problem) => {
      changed.resolve(problem)
      changed = Promise.withResolvers()
    },
    thread,
  )
  const change = () => changed.promise
  await change()
  const submit = (body: string) =>
    new Promise<NativeResult>((resolve) => worker.submit(request(body), resolve))
  return { worker, submit, change }
}

const text = (result: NativeResult) => (typeof result === 'string' ? result : result.body.toString())

test('what comes in one turn is scored together, each answered with its own', async () => {
  const { worker, submit } = await start()
  const answers = await Promise.all(['one', 'no', 'three'].map(submit))
  assert.deepEqual(answers.map(text), ['one', 'declined', 'three'])
  const [first] = answers
  assert.equal(typeof first === 'object' && first.together, 3)
  const many = Array.from({ length: 500 }, (_, i) => `body ${i}`)
  assert.deepEqual((await Promise.all(many.map(submit))).map(text), many)
  worker.close()
})

test('a thread that ends loses what it has, and is there again', async () => {
  const { worker, submit, change } = await start()
  const ended = change()
  assert.equal(await submit('die'), 'lost')
  assert.match(String(await ended), /thread of a model ended/)
  assert.equal(worker.ready, false)
  assert.equal(await change(), undefined)
  assert.equal(text(await submit('again')), 'again')
  worker.close()
})
