import { z } from 'zod'
import type { Json } from '../../../kernel/resources/resource.ts'
import { probeRoutes } from '../../gateway/instances/probes.ts'
import { problemOf } from '../../gateway/routes/read-table.ts'
import type { Runtime, Stage } from '../runtime.ts'

const proof = z.looseObject({
  rows: z.number(),
  realRows: z.number(),
  leftToPython: z.number(),
  maxDifference: z.number(),
  sha256: z.string(),
  versions: z.record(z.string(), z.string()),
})

/** Every property of a stage, as `Stage` has it: of what an older Twinloop has put on record, any may be another. */
const stage = z.looseObject({
  id: z.string(),
  python: z.string(),
  modelFolder: z.string().optional(),
  source: z.string().optional(),
  script: z.string().optional(),
  variables: z.record(z.string(), z.string()),
  openapi: z.record(z.string(), z.unknown()),
  metadata: z.looseObject({
    name: z.string(),
    versions: z.array(z.string()).optional(),
    platform: z.string(),
    inputs: z.array(z.looseObject({})),
    outputs: z.array(z.looseObject({})),
  }),
  mlflowVersion: z.string().optional(),
  verdict: z
    .discriminatedUnion('kind', [
      z.looseObject({ kind: z.literal('onnx'), folder: z.string(), proof }),
      z.looseObject({ kind: z.literal('python'), because: z.string() }),
    ])
    .optional(),
  processes: z.array(z.string()),
  concurrency: z.number().int().positive(),
  requestTimeoutMs: z.number().positive(),
  queueWaitMs: z.number().positive().optional(),
  probes: probeRoutes,
  elastic: z.boolean(),
  asleepMs: z.number().positive().optional(),
  startMs: z.number(),
  begunAt: z.number(),
} satisfies Record<keyof Stage, z.ZodType>)

/** The processes that a record names, whatever else is wrong with it. */
const named = z.looseObject({ processes: z.array(z.string()) })

/**
 * Where a deployment stands, by its status. A stage that today's code could not serve from, since an older one has put
 * it on record, is left out: its processes are among those that are to end, and `unusable` says what is wrong with it.
 */
export function readRuntime(status: Json): { readonly runtime: Runtime; readonly unusable?: string } {
  const runtime = (status['runtime'] ?? {}) as Runtime
  const problems = (['serving', 'coming'] as const).flatMap((which) => {
    const record = runtime[which] ?? undefined
    const { error } = record === undefined ? {} : stage.safeParse(record)
    return error === undefined ? [] : [{ which, record, why: problemOf(error) }]
  })
  const [first] = problems
  if (first === undefined) return { runtime }
  const left = problems.flatMap(({ record }) => named.safeParse(record).data?.processes ?? [])
  const without = Object.fromEntries(problems.map(({ which }) => [which, null]))
  return {
    runtime: { ...runtime, ...without, retiring: [...new Set([...(runtime.retiring ?? []), ...left])] },
    unusable: first.why,
  }
}
