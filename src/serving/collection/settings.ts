import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import { oneOf } from '../../kernel/resources/schema.ts'

const rolling = ['Year', 'Month', 'Day', 'Hour', 'Minute'] as const
export type RollingRate = (typeof rolling)[number]

const collection = z.looseObject({
  dataCollectionMode: z.preprocess((mode) => mode ?? 'Disabled', oneOf(['Enabled', 'Disabled'])),
  /** Data asset that the collected data belong to; made if it is not said. */
  dataId: z.string().nullish(),
  samplingRate: z.number().min(0).max(1).nullish(),
})

/** Headers that say who somebody is, and are never kept. */
const credentials = /^(?:(?:proxy-)?authorization|(?:set-)?cookie|.*(?:api|subscription)-key)$/i

const captured = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'expected the name of a header')
  .refine((name) => !credentials.test(name), 'is a credential of the caller, and is not collected')

/** `properties.dataCollector` of a deployment: which collections there are, and how much of each is kept. */
export const collectorSchema = z.looseObject({
  collections: z.preprocess(
    (value) => value ?? {},
    z.record(z.string().regex(/^[a-zA-Z]\w{0,63}$/, 'expected letters, digits and _'), collection),
  ),
  rollingRate: z.preprocess((rate) => rate ?? 'Hour', oneOf([...rolling])),
  requestLogging: z.looseObject({ captureHeaders: z.array(captured).max(32).nullish() }).nullish(),
})

export type DataCollector = z.infer<typeof collectorSchema>

/** What the gateway sees of every request, whatever answers it. */
export const payloadCollections: readonly string[] = ['request', 'response']

/** What the gateway makes of the requests of a model without a script, whose columns it knows. */
export const modelCollections: readonly string[] = ['model_inputs', 'model_outputs', 'model_inputs_outputs']

/** The enabled collections, by name in lower case, with the share of requests that each keeps. */
export function enabledCollections(collector: DataCollector | null | undefined): ReadonlyMap<string, number> {
  const all = Object.entries(collector?.collections ?? {})
  return new Map(
    all
      .filter(([, { dataCollectionMode }]) => dataCollectionMode === 'Enabled')
      .map(([name, { samplingRate }]) => [name.toLowerCase(), samplingRate ?? 1]),
  )
}

/**
 * The collections of a deployment that the gateway fills. The others are the script's own: it fills them by the
 * collector's Python API.
 */
export function gatewayCollections(
  collector: DataCollector | null | undefined,
  hasScript: boolean,
): ReadonlyMap<string, number> {
  const filled = hasScript ? payloadCollections : [...payloadCollections, ...modelCollections]
  return new Map([...enabledCollections(collector)].filter(([name]) => filled.includes(name)))
}

/** The request headers that are kept with what is collected, in lower case. */
export function capturedHeaders(collector: DataCollector | null | undefined): readonly string[] {
  if (!enabledCollections(collector).has('request')) return []
  return (collector?.requestLogging?.captureHeaders ?? []).map((name) => name.toLowerCase())
}

/** Throws a validation error for a collection that nothing would ever fill: only a script has ones of its own. */
export function checkCollections(collector: DataCollector | null | undefined, hasScript: boolean): void {
  if (hasScript) return
  const filled = gatewayCollections(collector, hasScript)
  const idle = [...enabledCollections(collector).keys()].find((name) => !filled.has(name))
  if (idle === undefined) return
  const known = [...modelCollections, ...payloadCollections]
  const near = nearest(idle, known)
  throw errors.validation(
    `Nothing fills the collection '${idle}' of a deployment without a scoring script, which has ${known.join(', ')}.` +
      (near === undefined ? '' : ` Did you mean '${near}'?`),
    { target: `properties.dataCollector.collections.${idle}` },
  )
}

/** The collections that a script fills itself. */
export function scriptCollections(
  collector: DataCollector | null | undefined,
  hasScript: boolean,
): ReadonlyMap<string, number> {
  if (!hasScript) return new Map()
  return new Map([...enabledCollections(collector)].filter(([name]) => !payloadCollections.includes(name)))
}
