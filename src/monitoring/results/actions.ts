import { z } from 'zod'
import type { Action } from '../../kernel/resources/resource.ts'
import { signalOfRun } from '../drilldown/open-signal.ts'
import { asRun } from '../runs/run.ts'
import { chancesOf, type ChanceBand } from './chance.ts'
import { readDetails } from './details.ts'
import { resultsOf } from './results.ts'
import { valuesOfRun } from './of-run.ts'

const moment = z.iso.datetime({ offset: true })

/**
 * `POST {workspace}/monitorResults { monitor?, signal?, metric?, where?, from?, to?, windows }`: values over time with what
 * they were held against, newest first. Answers `{ value: [{ labels, …, windows: [{ at, value, threshold?, … }] }] }`.
 * `segments: false` leaves out parts of the rows, `judged: true` what has no threshold. With `chance`, of one signal of one monitor, distances have what they are by chance at the sizes of their windows.
 */
export const monitorResults: Action = {
  operation: 'read',
  input: z
    .object({
      monitor: z.string().optional(),
      signal: z.string().optional(),
      metric: z.string().optional(),
      where: z.record(z.string(), z.string()).optional(),
      from: moment.optional(),
      to: moment.optional(),
      windows: z.number().int().min(1).max(1000).default(100),
      segments: z.boolean().optional(),
      judged: z.boolean().optional(),
      chance: z.boolean().default(false),
    })
    .refine(
      ({ chance, monitor, signal, windows }) =>
        !chance || (monitor !== undefined && signal !== undefined && windows <= 100),
      'chance is told of one signal of one monitor, in up to 100 windows.',
    ),
  async run({ platform, resource, input }) {
    const { from, to, chance, ...query } = input as {
      readonly monitor?: string
      readonly from?: string
      readonly to?: string
      readonly windows: number
      readonly chance: boolean
    }
    const value = await resultsOf(platform, resource.id, {
      ...query,
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
    })
    const chances = chance ? await chancesOf(platform, resource.id, value) : undefined
    return {
      body: {
        value: value.map((series) => ({
          ...series,
          windows: series.windows.map(({ found, at, ...window }) => ({
            at: at.toISOString(),
            ...window,
            ...bandOf(chances?.(series, at)),
            ...(found?.threshold === undefined ? {} : { threshold: found.threshold }),
            ...(found?.interval === undefined ? {} : { interval: found.interval }),
            ...(found === undefined ? {} : { n: found.n }),
            ...(found?.referenceN === undefined ? {} : { referenceN: found.referenceN }),
          })),
        })),
      },
    }
  },
}

const bandOf = (chance: ChanceBand | undefined) => (chance === undefined ? {} : { chance })

/** `POST {run}/values { signal? }`: every value that was found in its window, the ones beyond thresholds first. */
export const runValues: Action = {
  operation: 'read',
  input: z.object({ signal: z.string().optional() }),
  async run({ platform, resource, input }) {
    const run = asRun(resource)
    const { signal } = input as { readonly signal?: string }
    return { body: { value: await valuesOfRun(platform, run, signal) } }
  },
}

/** `POST {run}/details { signal }`: what a chart of the signal needs, as its kind keeps it. */
export const runDetails: Action = {
  operation: 'read',
  input: z.object({ signal: z.string() }),
  async run({ platform, resource, input }) {
    const run = asRun(resource)
    const { signal: name } = input as { readonly signal: string }
    const signal = signalOfRun(run, name)
    const details =
      signal.details === undefined ? undefined : await readDetails(platform, run, signal.details)
    return { body: { signal: name, kind: signal.kind, outcome: signal.outcome, details: details ?? {} } }
  },
}
