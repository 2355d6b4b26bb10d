import { payloadCollections, type RollingRate } from './settings.ts'
import { parseExactly } from './exact-json.ts'
import { answerRows, requestRows, type Row } from './rows.ts'
import type { Exchange, Logged, Spooled } from './spool.ts'

/** What is known of a deployment when its collected data are written down. */
export interface Source {
  /** ARM id. */
  readonly deployment: string
  readonly modelVersion: string
  /** Columns of the model's signature, in their order. */
  readonly columns: readonly string[]
  /** Those that are texts. */
  readonly texts?: readonly string[] | undefined
  /** Share of requests that each collection keeps. */
  readonly collections: ReadonlyMap<string, number>
}

/** One line of a collection: a CloudEvent as Azure ML's data collector writes it. */
export interface CollectedEvent {
  readonly collection: string
  readonly at: Date
  readonly line: string
}

const agent = 'twinloop-gateway'

/** The events of one spooled line; none where nothing of it is collected. */
export const eventsOf = (spooled: Spooled, source: Source): readonly CollectedEvent[] =>
  spooled.kind === 'exchange' ? ofExchange(spooled, source) : ofScript(spooled, source)

function ofExchange(exchange: Exchange, source: Source): readonly CollectedEvent[] {
  const { id, at, operation, requestType, request, response, responseType, status, headers } = exchange
  const inputs = () => (status === 200 ? requestRows(request, requestType, operation, source) : undefined)
  const outputs = () => (status === 200 ? answerRows(response, operation) : undefined)
  const make = {
    request: () => ({ ...payload(request, requestType), ...(headers === undefined ? {} : { headers }) }),
    response: () => payload(response, responseType),
    model_inputs: () => rows(inputs()),
    model_outputs: () => rows(outputs()),
    model_inputs_outputs: () => rows(sideBySide(inputs(), outputs())),
  }
  return Object.entries(make).flatMap(([collection, data]) => {
    const rate = source.collections.get(collection)
    const made = rate === undefined || !isSampled(id, rate) ? undefined : data()
    if (made === undefined) return []
    return [event(collection, source, { id: `${id}-${collection}`, at, correlationId: id, agent, ...made })]
  })
}

const payload = (body: string, contentType: string) => ({
  contentType: contentType || 'application/json',
  dataType: payloadCollections[0] ?? 'request',
  data: parsed(body),
})

const rows = (data: readonly unknown[] | undefined) =>
  data === undefined
    ? undefined
    : { contentType: 'application/json', dataType: 'pandas.core.frame.DataFrame', data }

/** An output that is called as an input is gets its collection's name before its own. */
function sideBySide(inputs: readonly Row[] | undefined, outputs: readonly Row[] | undefined) {
  if (inputs === undefined || inputs.length !== outputs?.length) return undefined
  return inputs.map((row, i) => {
    const answers = Object.entries(outputs[i] ?? {})
    return {
      ...row,
      ...Object.fromEntries(answers.map(([name, v]) => [name in row ? `model_outputs.${name}` : name, v])),
    }
  })
}

function ofScript(logged: Logged, source: Source): readonly CollectedEvent[] {
  const collection = logged.type.replace(/^azureml\.inference\./, '').toLowerCase()
  if (!source.collections.has(collection)) return []
  return [
    event(collection, source, {
      id: logged.id,
      at: logged.at,
      correlationId: logged.correlationId ?? logged.id,
      agent: logged.agent ?? agent,
      contentType: logged.contentType,
      dataType: logged.dataType ?? 'pandas.core.frame.DataFrame',
      data: parsed(logged.body),
      ...(logged.modelVersion === undefined ? {} : { modelVersion: logged.modelVersion }),
    }),
  ]
}

interface Parts {
  readonly id: string
  readonly at: string
  readonly correlationId: string
  readonly agent: string
  readonly contentType: string
  readonly dataType: string
  readonly data: unknown
  readonly modelVersion?: string
  readonly headers?: Readonly<Record<string, string>>
}

function event(collection: string, source: Source, parts: Parts): CollectedEvent {
  const bytes = Buffer.byteLength(JSON.stringify(parts.data))
  const line = JSON.stringify({
    specversion: '1.0',
    id: parts.id,
    source: source.deployment,
    type: `azureml.inference.${collection}`,
    datacontenttype: parts.contentType,
    time: parts.at,
    data: parts.data,
    ...(parts.headers === undefined ? {} : { headers: parts.headers }),
    correlationid: parts.correlationId,
    xrequestid: parts.correlationId,
    modelversion: parts.modelVersion ?? source.modelVersion,
    collectdatatype: parts.dataType,
    agent: parts.agent,
    contentrange: `bytes 0-${Math.max(bytes - 1, 0)}/${bytes}`,
  })
  return { collection, at: new Date(parts.at), line }
}

/** Text that is no JSON is kept as it is. */
function parsed(text: string): unknown {
  try {
    return parseExactly(text)
  } catch {
    return text
  }
}

/**
 * Whether a request is kept at this rate: by its id, so that its inputs and its outputs are kept together, and whoever
 * keeps less keeps a part of what the others do.
 */
export function isSampled(requestId: string, rate: number): boolean {
  if (rate >= 1) return true
  // FNV-1a, 32 bits, and a last mixing: ids that differ in their last digits only must spread, too.
  let hash = 0x811c9dc5
  for (let i = 0; i < requestId.length; i++) hash = Math.imul(hash ^ requestId.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < rate
}

/** Folders of a moment as Azure ML's collector rolls them: `2026/01/31/09` by the hour, `2026/01/31` by the day. */
export function rolledPath(at: Date, rate: RollingRate): string {
  const parts = at.toISOString().split(/[-T:]/, 5)
  const depth = { Year: 1, Month: 2, Day: 3, Hour: 4, Minute: 5 }[rate]
  return parts.slice(0, depth).join('/')
}
