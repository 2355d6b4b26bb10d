/** A thread of the gateway that looks at answers, so that the gateway's own goes on serving. */
import { parentPort } from 'node:worker_threads'
import { type Batch, type BatchCompared, compare } from './comparison.ts'

const port = parentPort
if (port === null) throw new Error('This runs as a worker of the gateway.')
port.on('message', ({ number, samples }: Batch) =>
  port.postMessage({ number, compared: compare(samples) } satisfies BatchCompared),
)
