import type { Client } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { short } from '../../../monitoring/results/verdict.ts'
import { runOf, type RunValue } from '../../present/monitor-run.ts'
import { clean, type Body } from '../../present/present.ts'
import { moment } from '../targets.ts'
import { monitorFlag, runPath } from './target.ts'

/** Every value that a run found; those beyond their thresholds first. */
export async function valuesOf(client: Client, body: Body): Promise<readonly RunValue[]> {
  if (runOf(body).signals.every(({ outcome }) => outcome === 'waiting')) return []
  const answer = await client.post<{ readonly value: readonly RunValue[] }>(
    `${runPath(body.name ?? '')}/values`,
    {},
  )
  return answer.value
}

interface Series {
  readonly monitor: string
  readonly signal: string
  readonly metric: string
  readonly feature?: string
  readonly segment?: Readonly<Record<string, string>>
  readonly windows: readonly {
    readonly at: string
    readonly value: number | null
    readonly breached?: boolean
    readonly provisional?: boolean
    readonly reason?: string
    readonly n?: number
    readonly threshold?: { readonly lower?: number; readonly upper?: number; readonly from: string }
    readonly interval?: { readonly lower: number; readonly upper: number }
  }[]
}

export const values = defineCommand({
  noun: 'monitor',
  verb: 'values',
  summary: 'Values window by window, the newest first, with what they were held against.',
  flags: {
    name: monitorFlag,
    signal: { type: 'text', short: 's', placeholder: 'NAME', summary: 'A signal, or all of a kind.' },
    metric: { type: 'text', placeholder: 'NAME', summary: 'A metric, such as jensen_shannon_distance.' },
    feature: { type: 'text', placeholder: 'NAME', summary: 'A feature.' },
    segment: {
      type: 'words',
      placeholder: 'COLUMN=VALUE',
      summary: 'Of this part of the rows, e.g. --segment carrier=AA.',
    },
    from: { type: 'text', placeholder: 'TIME', summary: 'Windows that end then or later.' },
    to: { type: 'text', placeholder: 'TIME', summary: 'Windows that end then or earlier.' },
    windows: { type: 'integer', placeholder: 'N', summary: 'At most so many windows. Default 100.' },
  },
  table: {
    Window: 'at',
    Signal: 'signal',
    Feature: 'feature',
    Segment: 'segment_text',
    Metric: 'metric',
    Value: 'value_text',
    Threshold: 'threshold_text',
    Verdict: 'verdict',
    Rows: 'rows',
  },
  examples: [
    'twinloop monitor values -n flight-drift --signal data_drift --feature distance -o table',
    'twinloop monitor values -n flight-quality --metric null_value_rate --segment carrier=AA -o json',
  ],
  async run({ flags, client }) {
    const { name, signal, metric, feature, segment, from, to, windows } = flags
    const where = {
      ...(feature === undefined ? {} : { feature }),
      ...Object.fromEntries(segment.map(labelOf)),
    }
    const { value } = await (
      await client()
    ).post<{ readonly value: readonly Series[] }>('/monitorResults', {
      monitor: name,
      signal,
      metric,
      where,
      from: from === undefined ? undefined : moment(from, '--from'),
      to: to === undefined ? undefined : moment(to, '--to'),
      windows: windows ?? 100,
    })
    return value.flatMap(rowsOf)
  },
})

export function labelOf(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at <= 0) throw usage(`--segment ${text} is no part of the rows`, '--segment COLUMN=VALUE')
  return [text.slice(0, at), text.slice(at + 1)]
}

const rowsOf = ({ signal, metric, feature, segment, windows }: Series) =>
  windows.map(({ at, value, breached, provisional, reason, n, threshold, interval }) =>
    clean({
      at,
      signal,
      metric,
      feature,
      segment,
      value,
      threshold,
      interval,
      breached,
      provisional,
      rows: n,
      note: reason,
      value_text: value === null ? `no value${reason === undefined ? '' : `: ${reason}`}` : short(value),
      threshold_text: thresholdText(threshold),
      segment_text:
        segment === undefined
          ? undefined
          : Object.entries(segment)
              .map((pair) => pair.join('='))
              .join(' '),
      verdict:
        value === null
          ? 'no data'
          : provisional === true
            ? 'provisional'
            : breached === undefined
              ? ''
              : breached
                ? 'beyond'
                : 'ok',
    }),
  )

function thresholdText(threshold: Series['windows'][number]['threshold']): string | undefined {
  if (threshold === undefined) return undefined
  const { lower, upper } = threshold
  if (lower !== undefined && upper !== undefined) return `${short(lower)} to ${short(upper)}`
  return upper === undefined ? (lower === undefined ? undefined : `≥ ${short(lower)}`) : `≤ ${short(upper)}`
}
