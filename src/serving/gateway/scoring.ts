import type { IncomingHttpHeaders } from 'node:http'
import type { Collector } from './collecting/scored.ts'
import type { AskControlPlane } from './credentials/credentials.ts'
import { createCredentials } from './credentials/credentials.ts'
import type { Comparer } from './figures/comparer.ts'
import type { Ending, Ticket } from './figures/watch.ts'
import type { ScoringRequest } from './instances/instance.ts'
import type { Outcome } from './instances/pool.ts'
import type { AccessLog } from './requests/access-log.ts'
import { type Answer, answerOf } from './requests/answer.ts'
import { createBodyReader } from './requests/body.ts'
import { expand, isEncoding } from './requests/encoding.ts'
import type { Exchange } from './requests/exchange.ts'
import { type Failure, failureBody, failures } from './requests/failures.ts'
import type { Scoring } from './requests/paths.ts'
import { traceIdOf, traceOf } from './requests/trace.ts'
import type { RouteTable } from './routes/route-table.ts'
import type { Telemetry } from './telemetry.ts'
import type { Chosen, Endpoint } from './traffic/endpoint.ts'
import { createMirror } from './traffic/mirror.ts'

export interface ScoringOptions {
  readonly maxBodyBytes: number
  /** Bytes of bodies that may be under way from callers at once. */
  readonly bodyBudgetBytes?: number | undefined
  readonly ask: AskControlPlane
  readonly accessLog?: Pick<AccessLog, 'write'> | undefined
  readonly collector?: Collector | undefined
  /** Looks at answers of endpoints that are watched. */
  readonly comparer?: Pick<Comparer, 'offer'> | undefined
}

const defaultBudgetBytes = 512 * 1024 * 1024

/** Takes scoring requests from the credentials to the answer, and mirrors and shows them to the collector after it. */
export function createScoring(options: ScoringOptions, telemetry: Telemetry) {
  const check = createCredentials(options.ask, Date.now)
  const readBody = createBodyReader(options.maxBodyBytes, options.bodyBudgetBytes ?? defaultBudgetBytes)
  const copy = createMirror()

  /** Whether the caller may; what it is told if not. */
  async function refusal(
    exchange: Exchange,
    endpoint: Pick<Endpoint, 'route'>,
    table: RouteTable,
  ): Promise<Failure | undefined> {
    const verdict = check(exchange.request.headers.authorization, endpoint.route, table)
    const known = typeof verdict === 'string' ? verdict : await verdict
    if (known === 'allowed') return undefined
    if (known === 'forbidden') return failures.forbidden()
    return known === 'unknown' ? failures.cannotAuthorize() : failures.unauthenticated()
  }

  /** The body as it was before it was compressed; a failure, or `gone` if the caller went away while sending it. */
  async function bodyOf(exchange: Exchange): Promise<Buffer | Failure | 'gone'> {
    const { request } = exchange
    const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity'
    if (encoding !== 'identity' && !isEncoding(encoding)) return failures.encoded(encoding)
    const body = await readBody(request)
    if (body === 'broken off') return 'gone'
    if (body === 'busy') return failures.busy()
    if (body === 'too large') return failures.tooLarge(options.maxBodyBytes)
    exchange.bytesIn = body.length
    if (encoding === 'identity') return body
    const plain = await expand(body, encoding, options.maxBodyBytes)
    if (plain === 'too large') return failures.tooLarge(options.maxBodyBytes)
    return plain === 'broken' ? failures.notEncoded(encoding) : plain
  }

  async function score(exchange: Exchange, endpoint: Endpoint, resource: Scoring, table: RouteTable) {
    const { headers, method } = exchange.request
    if (method !== 'POST') return exchange.fail(failures.methodNotAllowed('POST'))
    const refused = await refusal(exchange, endpoint, table)
    if (refused) return exchange.fail(refused)
    const { stickyHeader } = endpoint.route
    const forced = single(headers['azureml-model-deployment'])
    const sticky = stickyHeader === undefined ? undefined : single(headers[stickyHeader])
    if (resource.kind === 'infer' && headers['inference-header-content-length'] !== undefined)
      return exchange.fail(failures.binaryTensors())
    const model = resource.kind === 'infer' ? { name: resource.model, version: resource.version } : undefined
    const chosen = endpoint.choose({ forced, sticky, model })
    if (!('pool' in chosen)) return exchange.fail(chosen)
    exchange.deployment = chosen.deployment
    // A watch is on the traffic; requests that name their deployment are none of it.
    const ticket =
      chosen.by &&
      endpoint.watch?.begin(chosen.deployment, callerOf(exchange, sticky), { byTurn: chosen.by === 'turn' })
    // What there is no room for is not read first.
    const full = chosen.pool.refusal
    if (full) {
      ticket?.watch.ended(ticket, 'errors')
      return exchange.answer(answerOf(full, chosen.pool), full)
    }
    const body = await bodyOf(exchange)
    if (body === 'gone') return exchange.abandon()
    if (!Buffer.isBuffer(body)) return exchange.fail(body)
    const request = requestOf(exchange, chosen, resource, body)
    const mirror = forced === undefined ? endpoint.mirror(chosen.deployment) : undefined
    exchange.whenGone(() => {
      chosen.pool.abandon(request)
      ticket?.watch.ended(ticket, 'gone')
    })
    chosen.pool.submit(request, (outcome) => {
      const answer = answerOf(outcome, chosen.pool)
      exchange.answer(answer, outcome)
      if (ticket) ticket.watch.ended(ticket, endingOf(answer))
      const collector = options.collector?.wants(exchange.endpoint, chosen.deployment)
      if (mirror === undefined && !collector && !ticket?.sampled) return
      setImmediate(() => {
        if (collector) collect(exchange, chosen, request, answer, false)
        if (ticket?.sampled && isPrediction(answer)) options.comparer?.offer(ticket, answer.body)
        if (mirror) mirrorTo(mirror, exchange, request, answer, ticket)
      })
    })
  }

  function requestOf(exchange: Exchange, chosen: Chosen, { kind }: Scoring, body: Buffer): ScoringRequest {
    const { requestId, request } = exchange
    const trace = traceOf(request.headers)
    exchange.traceId = traceIdOf(trace)
    const contentType = request.headers['content-type'] ?? ''
    return {
      operation: kind,
      requestId,
      contentType,
      ...trace,
      ...(kind === 'infer' ? { model: modelOf(chosen) } : {}),
      ...(chosen.pool.route.headers
        ? { headers: { ...passedOn(request.headers), 'x-request-id': requestId } }
        : {}),
      body,
      abandoned: false,
    }
  }

  function mirrorTo(
    target: Chosen,
    exchange: Exchange,
    original: ScoringRequest,
    given: Answer | Failure,
    ticket: Ticket | undefined,
  ) {
    const request = { ...original, ...(original.operation === 'infer' ? { model: modelOf(target) } : {}) }
    const at = { endpoint: exchange.endpoint, deployment: target.deployment }
    const began = performance.now()
    const shadow = ticket?.watch.begin(target.deployment, ticket.caller, { isCopy: true })
    copy(target.pool, request, (outcome) => {
      const answer = outcome === 'dropped' ? undefined : answerOf(outcome, target.pool)
      if (shadow) {
        if (answer === undefined) shadow.watch.dropped(shadow)
        else shadow.watch.ended(shadow, endingOf(answer))
      }
      if (ticket && answer) compare(ticket, given, { arm: target.deployment, answer })
      telemetry.mirrored.inc({
        ...at,
        outcome: answer === undefined ? 'dropped' : answer.reason || 'answered',
      })
      if (answer === undefined || outcome === 'dropped') return
      options.accessLog?.write(mirroredEntry(exchange, target, answer, outcome, performance.now() - began))
      if (options.collector?.wants(exchange.endpoint, target.deployment))
        collect(exchange, target, request, answer, true)
    })
  }

  /** Has the answers of a request and its copy compared, where both models gave one. */
  function compare(
    ticket: Ticket,
    given: Answer | Failure,
    { arm, answer }: { readonly arm: string; readonly answer: Answer | Failure },
  ) {
    if (!isPrediction(given) || !isPrediction(answer) || !ticket.watch.sample(ticket.begun)) return
    options.comparer?.offer(ticket, given.body, { arm, body: answer.body })
  }

  function collect(
    exchange: Exchange,
    { deployment, pool }: Chosen,
    request: ScoringRequest,
    answer: Answer | Failure,
    mirrored: boolean,
  ) {
    const { status } = answer
    const response =
      'body' in answer
        ? { status, contentType: answer.contentType, body: answer.body }
        : {
            status,
            contentType: 'application/json',
            body: Buffer.from(JSON.stringify(failureBody(answer, exchange.protocol))),
          }
    options.collector?.collect({
      endpoint: exchange.endpoint,
      deployment,
      requestId: exchange.requestId,
      clientRequestId: single(exchange.request.headers['x-ms-client-request-id']),
      arrived: exchange.arrived,
      operation: request.operation,
      request: {
        contentType: request.contentType,
        body: request.body,
        headers: captured(exchange.request.headers, pool.route.collect?.headers),
      },
      response,
      mirrored,
    })
  }

  return { score, refusal }
}

/** What an inference's answer calls its model: as it is registered, in the version that is deployed. */
function modelOf({ pool }: Chosen) {
  const { name, versions = [] } = pool.route.metadata
  const [version] = versions
  return { name, ...(version === undefined ? {} : { version }) }
}

/** A caller's headers without its credentials and those that are between it and the gateway. */
function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !ownHeaders.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]))
}

const isPrediction = (answer: Answer | Failure): answer is Answer => 'body' in answer && answer.reason === ''

/** Whose account an answer is on: what is the request's fault is not the deployment's. */
function endingOf({ reason }: Answer | Failure): Ending {
  if (reason === '') return 'answered'
  return reason === 'bad_input' ? 'refused' : 'errors'
}

/** What tells callers apart: the sticky header, who a proxy says it is, or its address. */
const callerOf = ({ request }: Exchange, sticky: string | undefined): string =>
  sticky ?? single(request.headers['x-forwarded-for']) ?? request.socket.remoteAddress ?? ''

/** The headers of these names that the request has. */
function captured(headers: IncomingHttpHeaders, names: readonly string[] | undefined) {
  if (names === undefined) return undefined
  return Object.fromEntries(
    names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  )
}

const ownHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-encoding',
  'content-length',
])

function mirroredEntry(
  exchange: Exchange,
  { deployment }: Chosen,
  { status, reason }: Answer | Failure,
  outcome: Outcome,
  ms: number,
) {
  const { waitedMs: _, modelMs: __, reason: ___, ...entry } = exchange.entry()
  return {
    ...entry,
    deployment,
    status,
    ...(reason === '' ? {} : { reason }),
    mirrored: true as const,
    ms: Math.round(ms * 1000) / 1000,
    bytesOut: outcome.kind === 'reply' ? outcome.reply.body.length : 0,
    ...(outcome.kind === 'reply' ? { modelMs: outcome.reply.milliseconds } : {}),
  }
}

/** The first of a header's values. */
export const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value
