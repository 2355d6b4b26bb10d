/**
 * A worker thread of the gateway with one compiled model: the only place where ONNX Runtime is loaded. It takes
 * `Batch`es from its parent and answers each.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { type Batch, concatenated, type FromWorker, plainScore } from './messages.ts'
import { openNativeModel } from './native-model.ts'

const port = parentPort
if (port === null) throw new Error('This runs as a worker of the gateway.')
const say = (message: FromWorker, transfer: readonly ArrayBuffer[] = []) =>
  port.postMessage(message, [...transfer])
const model = await openNativeModel((workerData as { readonly folder: string }).folder)
const nothing = new Uint8Array()

async function answer({ ends, requests, bytes }: Batch): Promise<void> {
  const buffer = Buffer.from(bytes.buffer)
  const answers = await model.score(
    requests.map((request, index) => ({
      ...(request || plainScore),
      body: buffer.toString('utf8', index === 0 ? 0 : ends[index - 1], ends[index]),
    })),
  )
  const parts = answers.map((each) => (each === 'declined' ? nothing : Buffer.from(each.text)))
  const said = concatenated(parts)
  const message: FromWorker = {
    ...said,
    rows: answers.map((each) => (each === 'declined' ? 0 : each.rows)),
    milliseconds: Math.max(0, ...answers.map((each) => (each === 'declined' ? 0 : each.milliseconds))),
    together: answers.map((each) => (each === 'declined' ? 0 : each.together)),
  }
  say(message, [said.bytes.buffer])
}

let last = Promise.resolve()
port.on('message', (batch: Batch) => {
  // One after the other: answers are told apart by their order.
  last = last.then(() => answer(batch))
})
say({ ready: true })
