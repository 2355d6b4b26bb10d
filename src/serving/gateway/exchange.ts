import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessEntry } from './access-log.ts'
import { type Failure, failures, modelError } from './failures.ts'
import type { Outcome } from './instances/pool.ts'

/** One request and its one answer, with what the log and the metrics say of it. */
export class Exchange {
  readonly request: IncomingMessage
  /** Path without the query. */
  readonly path: string
  /** The caller's x-request-id, or a new one. */
  readonly requestId: string
  /** Key of the endpoint, once it is known that there is one. */
  endpoint = ''
  deployment: string | undefined
  bytesIn = 0
  modelMs: number | undefined
  elapsedMs = 0
  status = 0
  readonly #response: ServerResponse
  readonly #onDone: (exchange: Exchange) => void
  readonly #began = performance.now()
  #waitedMs: number | undefined
  #bytesOut = 0

  /** `onDone` is called once, when the answer is on its way or the caller has gone. */
  constructor(request: IncomingMessage, response: ServerResponse, onDone: (exchange: Exchange) => void) {
    this.request = request
    this.#response = response
    this.#onDone = onDone
    const url = request.url ?? '/'
    const query = url.indexOf('?')
    this.path = query < 0 ? url : url.slice(0, query)
    const given = request.headers['x-request-id']
    this.requestId =
      typeof given === 'string' && given.length > 0 && given.length <= 100 ? given : randomUUID()
  }

  text(text: string, contentType = 'text/plain; charset=utf-8'): void {
    this.#send(200, contentType, Buffer.from(text), {})
  }

  json(status: number, value: unknown): void {
    this.#send(status, 'application/json', Buffer.from(JSON.stringify(value)), {})
  }

  fail(failure: Failure): void {
    const body = Buffer.from(JSON.stringify({ message: failure.message }))
    this.#send(failure.status, 'application/json', body, failure.headers ?? {})
  }

  /** Answers with what became of the request; `limitMs` and `limitHeld` are the deployment's, for what went over them. */
  answer(outcome: Outcome, limitMs: number, limitHeld: number): void {
    if (outcome.kind === 'reply') return this.#reply(outcome)
    if (outcome.kind === 'timeout') return this.fail(failures.timeout(limitMs))
    if (outcome.kind === 'overloaded') return this.fail(failures.overloaded(limitHeld))
    return this.fail(outcome.kind === 'crashed' ? failures.crashed() : failures.unready())
  }

  /** The caller has gone: nothing to answer, only to note. */
  abandon(): void {
    this.#done(499)
  }

  entry(): AccessEntry {
    return {
      time: new Date().toISOString(),
      requestId: this.requestId,
      method: this.request.method ?? '',
      path: this.path,
      ...(this.deployment === undefined ? {} : { deployment: this.deployment }),
      status: this.status,
      ms: round(this.elapsedMs),
      ...(this.#waitedMs === undefined ? {} : { waitedMs: round(this.#waitedMs) }),
      ...(this.modelMs === undefined ? {} : { modelMs: this.modelMs }),
      bytesIn: this.bytesIn,
      bytesOut: this.#bytesOut,
    }
  }

  #reply({ reply, waitedMs }: Extract<Outcome, { kind: 'reply' }>) {
    this.modelMs = reply.milliseconds
    this.#waitedMs = waitedMs
    const failed = reply.failed === true
    const timing = {
      'x-ms-run-fn-exec-ms': reply.milliseconds.toFixed(3),
      ...(failed ? { 'x-ms-run-function-failed': 'True' } : {}),
    }
    if (reply.status >= 200 && reply.status < 300) {
      return this.#send(reply.status, reply.contentType, reply.body, timing)
    }
    const { status, headers } = modelError(reply.status, failed)
    return this.#send(status, reply.contentType, reply.body, { ...headers, ...timing })
  }

  #send(status: number, contentType: string, body: Buffer, headers: Readonly<Record<string, string>>) {
    if (this.#response.headersSent || this.#response.destroyed) return this.#done(499)
    const clientId = this.request.headers['x-ms-client-request-id']
    this.#bytesOut = body.length
    this.#response.writeHead(status, {
      'content-type': contentType,
      'content-length': body.length,
      'x-request-id': this.requestId,
      'x-ms-request-id': this.requestId,
      ...(clientId === undefined ? {} : { 'x-ms-client-request-id': clientId }),
      ...(this.deployment === undefined ? {} : { 'azureml-model-deployment': this.deployment }),
      ...headers,
    })
    this.#response.end(body)
    this.#done(status)
  }

  #done(status: number) {
    if (this.status !== 0) return
    this.status = status
    this.elapsedMs = performance.now() - this.#began
    this.#onDone(this)
  }
}

const round = (ms: number) => Math.round(ms * 1000) / 1000
