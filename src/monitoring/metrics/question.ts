import { parseDuration } from '../../kernel/duration.ts'
import { errors } from '../../kernel/errors.ts'
import { keyOf, parseArmId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Step } from '../../kernel/telemetry/series.ts'
import { aggregations, type Aggregation } from './answer.ts'
import { readFilter, type Condition } from './filter.ts'

const minute = 60_000
/** Time grains that Azure Monitor knows, and the step of ours that each is put together from. */
const grains: Readonly<Record<string, Step>> = {
  PT1M: 'minute',
  PT5M: 'minute',
  PT15M: 'minute',
  PT30M: 'minute',
  PT1H: 'hour',
  PT6H: 'hour',
  PT12H: 'hour',
  P1D: 'day',
}

/** Of a job, which is measured more often and is over sooner. */
const jobGrains = ['PT10S', 'PT30S', 'PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H', 'PT6H', 'PT12H', 'P1D']

/** What a resource's measurements are about: a workspace, a job, or the installation (`''`), and labels within. */
export interface Subject {
  readonly scope: string
  readonly where: Readonly<Record<string, string>>
}

/** A question about measurements, read from the query of an URL. */
export interface Question {
  readonly names: readonly string[]
  readonly from: Date
  readonly to: Date
  readonly grain: string
  readonly grainMs: number
  /** Undefined of a job: as fine as it is still kept. */
  readonly step: Step | undefined
  readonly aggregations: readonly Aggregation[]
  readonly conditions: readonly Condition[]
}

/**
 * What the measurements of a resource are: a subscription or a resource group stands for the installation, and what is in
 * a workspace has those of it that are labelled with its name.
 */
export function subjectOf(id: string): Subject {
  const { type, names } = parseArmId(id)
  if (type.toLowerCase() === 'workspaces/jobs') return { scope: keyOf(id), where: {} }
  const scope = scopeId(id)?.toLowerCase() ?? ''
  const [, first = '', second = ''] = names
  const where: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'workspaces/onlineendpoints': { endpoint: first },
    'workspaces/onlineendpoints/deployments': { endpoint: first, deployment: second },
    'workspaces/computes': { compute: first },
  }
  return { scope, where: where[type.toLowerCase()] ?? {} }
}

/**
 * Reads `metricnames`, `timespan` (`{start}/{end}`, `{start}/PT1H` or `PT1H` up to now; default the last hour),
 * `interval` (default as fine as makes at most 400 intervals), `aggregation` (default average) and `$filter`. Throws
 * badRequest naming the parameter.
 */
export function readQuestion(
  query: (name: string) => string | undefined,
  { now, isOfJob = false }: { readonly now: Date; readonly isOfJob?: boolean },
): Question {
  const names = listIn(query('metricnames'))
  if (names.length === 0)
    throw errors.badRequest('metricnames is missing; metricDefinitions tells which there are.', {
      target: 'metricnames',
    })
  const asked = listIn(query('aggregation')).map((word) => {
    const known = aggregations.find((one) => one === word.toLowerCase())
    if (known !== undefined) return known
    throw errors.badRequest(
      `aggregation '${word}' is not known; expected some of ${aggregations.join(', ')}.`,
      {
        target: 'aggregation',
      },
    )
  })
  const { from, to } = spanIn(query('timespan') ?? 'PT1H', now)
  const known = isOfJob ? jobGrains : Object.keys(grains)
  const grain = query('interval')?.toUpperCase() ?? grainFor(to.getTime() - from.getTime(), known)
  if (!known.includes(grain))
    throw errors.badRequest(`interval '${grain}' is not known; expected one of ${known.join(', ')}.`, {
      target: 'interval',
    })
  return {
    names,
    from,
    to,
    grain,
    grainMs: parseDuration(grain) ?? minute,
    step: isOfJob ? undefined : grains[grain],
    aggregations: asked.length === 0 ? ['average'] : asked,
    conditions: readFilter(query('$filter') ?? ''),
  }
}

const listIn = (text = ''): readonly string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')

function spanIn(text: string, now: Date): { from: Date; to: Date } {
  const [first = '', second] = text.split('/')
  const length = parseDuration(second ?? first)
  const to =
    second === undefined
      ? now
      : length === undefined
        ? new Date(second)
        : new Date(Date.parse(first) + length)
  const from =
    second === undefined && length !== undefined ? new Date(now.getTime() - length) : new Date(first)
  if (from.getTime() < to.getTime()) return { from, to }
  throw errors.badRequest(
    `timespan '${text}' cannot be read; expected 2026-01-31T10:00:00Z/2026-01-31T11:00:00Z, a start with a duration behind the slash, or PT1H for the hour up to now.`,
    { target: 'timespan' },
  )
}

function grainFor(length: number, known: readonly string[]): string {
  const fitting = known.find((grain) => length / (parseDuration(grain) ?? 1) <= 400)
  return fitting ?? 'P1D'
}
