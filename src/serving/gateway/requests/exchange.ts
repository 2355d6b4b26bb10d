import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Outcome } from '../instances/pool.ts'
import type { AccessEntry } from './access-log.ts'
import type { Answer } from './answer.ts'
import { compressed } from './encoding.ts'
import { type Failure, failureBody, type Protocol } from './failures.ts'

/** One request and its one answer, with what the log and the metrics say of it. */
export class Exchange {
  readonly request: IncomingMessage
  /** Path without the query. */
  readonly path: string
  /** The caller's x-request-id, or a new one. */
  readonly requestId: string
  readonly arrived = new Date()
  /** Key of the endpoint, once it is known that there is one. */
  endpoint = ''
  deployment: string | undefined
  /** Whose shape an error has. */
  protocol: Protocol = 'azure'
  bytesIn = 0
  modelMs: number | undefined
  waitedMs: number | undefined
  /** It waited for a deployment that slept to wake. */
  woke = false
  rows: number | undefined
  together: number | undefined
  elapsedMs = 0
  status = 0
  /** Class of the error; '' for an answer that is none. */
  reason = ''
  traceId: string | undefined
  readonly #response: ServerResponse
  readonly #onDone: (exchange: Exchange) => void
  readonly #began = performance.now()
  #onGone: (() => void) | undefined
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
    response.on('close', () => {
      if (this.status !== 0) return
      this.#onGone?.()
      this.abandon()
    })
  }

  /** To be called if the caller goes away before there is an answer. */
  whenGone(act: () => void): void {
    this.#onGone = act
  }

  text(text: string, contentType = 'text/plain; charset=utf-8'): void {
    this.#send(200, contentType, Buffer.from(text), {})
  }

  json(status: number, value: unknown): void {
    this.#send(status, 'application/json', Buffer.from(JSON.stringify(value)), {})
  }

  fail(failure: Failure): void {
    const body = Buffer.from(JSON.stringify(failureBody(failure, this.protocol)))
    if (this.status === 0) this.reason = failure.reason
    this.#send(failure.status, 'application/json', body, failure.headers ?? {})
  }

  /** Answers with what became of the request, of which `outcome` tells how long it took. */
  answer(answer: Answer | Failure, outcome: Outcome): void {
    if (outcome.kind === 'reply') {
      this.waitedMs = outcome.waitedMs
      this.woke = outcome.woke
      this.modelMs = outcome.reply.milliseconds
      this.rows = outcome.reply.rows
      this.together = outcome.reply.together ?? 1
    }
    if (!('body' in answer)) return this.fail(answer)
    this.reason = answer.reason
    this.#send(answer.status, answer.contentType, answer.body, answer.headers)
  }

  /** The caller has gone: nothing to answer, only to note. */
  abandon(): void {
    this.reason ||= 'cancelled'
    this.#done(499)
  }

  entry(): AccessEntry {
    return {
      time: this.arrived.toISOString(),
      requestId: this.requestId,
      ...(this.traceId === undefined ? {} : { traceId: this.traceId }),
      method: this.request.method ?? '',
      path: this.path,
      ...(this.deployment === undefined ? {} : { deployment: this.deployment }),
      status: this.status,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ms: round(this.elapsedMs),
      ...(this.waitedMs === undefined ? {} : { waitedMs: round(this.waitedMs) }),
      ...(this.modelMs === undefined ? {} : { modelMs: this.modelMs }),
      bytesIn: this.bytesIn,
      bytesOut: this.#bytesOut,
    }
  }

  #send(status: number, contentType: string, body: Buffer, headers: Readonly<Record<string, string>>) {
    const accepted = this.request.headers['accept-encoding']
    const smaller = accepted === undefined ? undefined : compressed(body, accepted)
    if (smaller === undefined) return this.#write(status, contentType, body, headers)
    smaller.then(
      ({ encoding, body: packed }) => {
        const encoded = { ...headers, 'content-encoding': encoding, vary: 'Accept-Encoding' }
        this.#write(status, contentType, packed, encoded)
      },
      () => this.#write(status, contentType, body, headers),
    )
  }

  #write(status: number, contentType: string, body: Buffer, headers: Readonly<Record<string, string>>) {
    if (this.#response.headersSent || this.#response.destroyed) return this.abandon()
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
    // As Latin-1 text, which keeps every byte, a small body goes out in one write with the head.
    if (body.length <= joinedBytes) this.#response.end(body.toString('latin1'), 'latin1')
    else this.#response.end(body)
    this.#done(status)
  }

  #done(status: number) {
    if (this.status !== 0) return
    this.status = status
    this.elapsedMs = performance.now() - this.#began
    this.#onDone(this)
  }
}

const joinedBytes = 16 * 1024

const round = (ms: number) => Math.round(ms * 1000) / 1000
