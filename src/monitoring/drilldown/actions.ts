import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { machineLearning, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Action } from '../../kernel/resources/resource.ts'
import { NoData } from '../populations/population.ts'
import { readDetails } from '../results/details.ts'
import { cached } from '../runs/cache.ts'
import { asRun, ownerOfRun, type MonitorRun, type SignalState } from '../runs/run.ts'
import { openFeature, type Compared } from './compared.ts'
import { distributionOf, type Distribution } from './distribution.ts'
import { keptDistribution } from './kept.ts'
import { openSignal, signalOfRun } from './open-signal.ts'
import { rowsOf, type RowsAsked } from './rows.ts'

const about = z.object({
  signal: z.string().min(1),
  feature: z.string().min(1),
  segment: z.record(z.string(), z.string()).optional(),
})
type About = z.infer<typeof about>

/**
 * `POST {run}/distribution { signal, feature, segment? }`: how the feature is distributed in the run's window and in its
 * reference, over bins that the reference decides. Counted of the rows, if they are those that the run saw; where they have
 * gone or are others by now (a reference `@latest`), what the run has kept, and `note` says so.
 */
export const distribution: Action = {
  operation: 'read',
  input: about,
  async run({ platform, resource, input, signal }) {
    const run = asRun(resource)
    const asked = input as About
    const found = await counted(platform, run, asked, signal)
    if (found.distribution !== undefined && found.reason === undefined)
      return { body: { of: 'rows', ...found.distribution } }
    const { details: path } = signalOfRun(run, asked.signal)
    const details = path === undefined ? undefined : await readDetails(platform, run, path)
    const kept = keptDistribution(details, asked.feature, asked.segment)
    const reason = found.reason ?? ''
    if (kept !== undefined)
      return {
        body: { of: 'kept', note: `${reason} This is what the run kept, over bins of both sides.`, ...kept },
      }
    if (found.distribution === undefined) throw errors.notFound(reason, { target: 'feature' })
    return { body: { of: 'rows', note: `${reason} These are the rows of today.`, ...found.distribution } }
  },
}

interface Counted {
  readonly distribution?: Distribution
  /** Why there is none, or why it is not of the rows that the run saw. */
  readonly reason?: string
}

/** Looks again, once for the same rows: as its run did, under the rights of the run's owner, for only counts are told. */
async function counted(
  platform: Platform,
  run: MonitorRun,
  { signal: name, feature, segment }: About,
  signal?: AbortSignal,
): Promise<Counted> {
  try {
    const open = await openSignal(platform, ownerOfRun(run), run, name, signal)
    const compared = await openFeature(open, feature, segment)
    const { column, reference, production } = compared
    const key = ['distribution 1', run.scope, reference.key, production.key, column]
    const found = await cached(platform, JSON.stringify(key), () =>
      open.populations.session(async (session) => ({ ...(await distributionOf(session, compared)) })),
    )
    const reason = changedSince(signalOfRun(run, name), compared)
    return {
      distribution: found as unknown as Distribution,
      ...(reason === undefined ? {} : { reason }),
    }
  } catch (error) {
    if (error instanceof NoData) return { reason: `The rows cannot be read any more (${error.message}).` }
    throw error
  }
}

/** In words, which side has other rows by now than the run saw; undefined where both have as many. */
function changedSince(
  { reference, production }: SignalState,
  compared: Pick<Compared, 'reference' | 'production'>,
): string | undefined {
  const sides = [
    ['The reference', reference?.rows, compared.reference.population.rows],
    ['The window', production?.rows, compared.production.population.rows],
  ] as const
  const [side, then, now] = sides.find(([, was, is]) => was !== undefined && was !== is) ?? []
  return then === undefined || now === undefined
    ? undefined
    : `${side} has ${now.toLocaleString('en')} rows now, and had ${then.toLocaleString('en')} when the run looked.`
}

const rowsInput = about.extend({
  side: z.enum(['production', 'reference']).default('production'),
  from: z.number().optional(),
  to: z.number().optional(),
  values: z.array(z.string()).min(1).max(100).optional(),
  missing: z.boolean().optional(),
  unseen: z.boolean().optional(),
  top: z.number().int().min(1).max(1000).default(50),
})

/**
 * `POST {run}/rows { signal, feature, from?, to? | values? | missing? | unseen?, segment?, side?, top? }`: rows of the window
 * behind a bar of its distribution. Whoever asks has to be allowed to read data, not only what monitors found.
 */
export const rows: Action = {
  decidesAccess: true,
  input: rowsInput,
  async run({ platform, resource, actor, input, signal }) {
    const run = asRun(resource)
    await platform.access.require(
      actor,
      `${machineLearning}/workspaces/data/versions/read`,
      scopeId(run.id) ?? '',
    )
    const { signal: name, ...asked } = input as z.infer<typeof rowsInput>
    try {
      const open = await openSignal(platform, actor, run, name, signal)
      return { body: await rowsOf(open, asked as RowsAsked) }
    } catch (error) {
      if (error instanceof NoData) throw errors.notFound(error.message, { target: 'signal' })
      throw error
    }
  },
}
