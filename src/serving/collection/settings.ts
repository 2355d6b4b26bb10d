import { z } from 'zod'
import { oneOf } from '../../kernel/resources/schema.ts'

const rolling = ['Year', 'Month', 'Day', 'Hour', 'Minute'] as const
export type RollingRate = (typeof rolling)[number]

const collection = z.looseObject({
  dataCollectionMode: z.preprocess((mode) => mode ?? 'Disabled', oneOf(['Enabled', 'Disabled'])),
  /** Data asset that the collected data belong to; made if it is not said. */
  dataId: z.string().nullish(),
  samplingRate: z.number().min(0).max(1).nullish(),
})

/** `properties.dataCollector` of a deployment: which collections there are, and how much of each is kept. */
export const collectorSchema = z.looseObject({
  collections: z.preprocess(
    (value) => value ?? {},
    z.record(z.string().regex(/^[a-zA-Z]\w{0,63}$/, 'expected letters, digits and _'), collection),
  ),
  rollingRate: z.preprocess((rate) => rate ?? 'Hour', oneOf([...rolling])),
  requestLogging: z.looseObject({ captureHeaders: z.array(z.string()).nullish() }).nullish(),
})

export type DataCollector = z.infer<typeof collectorSchema>

/** What the gateway sees of every request, whatever answers it. */
export const payloadCollections: readonly string[] = ['request', 'response']

/** What the gateway makes of the requests of a model without a script, whose columns it knows. */
export const modelCollections: readonly string[] = ['model_inputs', 'model_outputs']

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

/** The collections that a script fills itself. */
export function scriptCollections(
  collector: DataCollector | null | undefined,
  hasScript: boolean,
): ReadonlyMap<string, number> {
  if (!hasScript) return new Map()
  return new Map([...enabledCollections(collector)].filter(([name]) => !payloadCollections.includes(name)))
}
