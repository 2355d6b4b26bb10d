import { z } from 'zod'

/** File below the gateway's folder in which it tells the control plane how watched endpoints do. */
export const figuresFile = 'figures.json'

/** It is written anew so often while an endpoint is watched. */
export const figuresEveryMs = 1000

const count = z.number()
const counts = z.record(z.string(), count)

const armFigures = z.object({
  /** Requests that have ended here; of a deployment that is mirrored to, copies of requests. */
  requests: count,
  /** Requests that it was the turn of, by the traffic alone. */
  assigned: count,
  /** Of the requests: those that the deployment failed (timeouts, crashes and overload included). */
  errors: count,
  /** Those whose input the model refused. */
  refused: count,
  /** Those that took longer than the endpoint's `slowMs`, failed ones included. */
  slow: count,
  /** The same with at most one a caller and second: what a test of independent events takes. */
  independent: z.object({ errors: count, refused: count, slow: count }),
  /** Latencies in milliseconds by bucket (`statistics/latency/log-buckets.ts`), failed requests infinitely long. */
  latency: counts,
  /** First predictions of a sample of the answers by `valueBin`; the sample is the same part of each deployment's. */
  predictions: counts,
  /** The last 50 requests, warm-up included. */
  recent: z.object({ requests: count, errors: count }),
  /** Copies that there was no room for. */
  dropped: count,
  /** Instances that take requests. */
  up: count,
})
export type ArmFigures = z.infer<typeof armFigures>

const pairFigures = z.object({
  /** Requests that both models answered, and whose answers were compared. */
  compared: count,
  /** Of these: answers of another shape. */
  unlike: count,
  /** The others by how far they are apart, by `differenceBin`. */
  differences: counts,
})

const endpointFigures = z.object({
  /** What is in force at the gateway, and since when (milliseconds since 1970), warm-up excluded: all counts are since then. */
  traffic: counts,
  mirror: counts,
  since: count,
  slowMs: count.optional(),
  /** By deployment. */
  arms: z.record(z.string(), armFigures),
  pairs: pairFigures,
})
export type EndpointFigures = z.infer<typeof endpointFigures>

const figures = z.object({
  /** Another one after each start of the gateway. */
  run: z.string(),
  /** When they were taken, in milliseconds since 1970. */
  at: count,
  /** By the endpoint's key. */
  endpoints: z.record(z.string(), endpointFigures),
})
export type Figures = z.infer<typeof figures>

export const parseFigures = (text: string): Figures => figures.parse(JSON.parse(text))
