import type { DataAnswer } from '../../../data/exploration/answer.ts'
import type { Distribution } from '../../../monitoring/drilldown/distribution.ts'
import type { RowsFound } from '../../../monitoring/drilldown/rows.ts'
import { defineCommand } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { outputFlag, showRows } from '../data-rows/show-rows.ts'
import { runPath } from './target.ts'
import { labelOf } from './values.ts'

const flags = {
  name: {
    type: 'text',
    short: 'n',
    placeholder: 'RUN',
    required: true,
    summary: 'The run: MONITOR-20260131T060000Z.',
  },
  signal: { type: 'text', short: 's', placeholder: 'NAME', required: true, summary: 'The signal.' },
  feature: { type: 'text', placeholder: 'NAME', required: true, summary: 'The feature.' },
  segment: {
    type: 'words',
    placeholder: 'COLUMN=VALUE',
    summary: 'Of this part of the rows, e.g. --segment carrier=AA.',
  },
} as const

const about = (given: {
  readonly signal: string
  readonly feature: string
  readonly segment: readonly string[]
}) => ({
  signal: given.signal,
  feature: given.feature,
  ...(given.segment.length === 0 ? {} : { segment: Object.fromEntries(given.segment.map(labelOf)) }),
})

export const distribution = defineCommand({
  noun: 'monitor-run',
  verb: 'distribution',
  summary: 'Shows how a feature is distributed in a window and in its reference, over the same bins.',
  flags,
  table: {
    Value: 'value',
    Reference: 'reference',
    Production: 'production',
    'Reference %': 'reference_share',
    'Production %': 'production_share',
  },
  examples: [
    'twinloop monitor-run distribution -n flight-drift-20130501T000000Z --signal inputs --feature distance -o table',
  ],
  async run({ flags: given, io, client }) {
    const found = await (
      await client()
    ).post<Distribution & { readonly note?: string }>(`${runPath(given.name)}/distribution`, about(given))
    if (found.note !== undefined) io.stderr(`note: ${found.note}\n`)
    return barsOf(found)
  },
})

/** A line for each bin or category, and one for what is missing. Shares are of all rows of a side. */
function barsOf({ reference, production, bins, categories = [], others }: Distribution) {
  const edges = bins?.edges ?? []
  const lines: readonly (readonly [string, number | undefined, number | undefined])[] =
    bins === undefined
      ? [
          ...categories.map((one) => [one.name, one.reference, one.production] as const),
          ...(others === undefined || others.categories === 0
            ? []
            : [[`${others.categories} others`, others.reference, others.production] as const]),
        ]
      : bins.reference.map(
          (count, i) => [binName(edges[i - 1], edges[i]), count, bins.production[i]] as const,
        )
  const all = [...lines, ['missing', reference.missing, production.missing] as const]
  const share = (count: number, rows: number) =>
    rows === 0 ? null : Number(((100 * count) / rows).toFixed(3))
  return all.map(([value, was = 0, now = 0]) => ({
    value,
    reference: was,
    production: now,
    reference_share: share(was, reference.rows),
    production_share: share(now, production.rows),
  }))
}

const binName = (from: number | undefined, to: number | undefined): string =>
  from === undefined ? `below ${to}` : to === undefined ? `from ${from}` : `${from} to ${to}`

export const rows = defineCommand({
  noun: 'monitor-run',
  verb: 'rows',
  summary: 'Shows rows of a window by their value of a feature: those behind a bar of its distribution.',
  flags: {
    ...flags,
    from: { type: 'text', placeholder: 'NUMBER', summary: 'From this value on.' },
    to: { type: 'text', placeholder: 'NUMBER', summary: 'Below this value.' },
    value: { type: 'words', placeholder: 'VALUE', summary: 'With one of these categories.' },
    missing: { type: 'switch', summary: 'Without a value.' },
    unseen: { type: 'switch', summary: 'With a category that the reference has not.' },
    reference: { type: 'switch', summary: 'Rows of the reference instead.' },
    maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many. Default 50.' },
    output: outputFlag,
  },
  examples: [
    'twinloop monitor-run rows -n flight-drift-20130501T000000Z --signal inputs --feature distance --from 2000',
    'twinloop monitor-run rows -n flight-drift-20130501T000000Z -s inputs --feature carrier --unseen -o csv',
  ],
  async run({ flags: given, io, client }) {
    const { from, to, value, missing, unseen, reference, maxResults } = given
    const found = await (
      await client()
    ).post<RowsFound>(`${runPath(given.name)}/rows`, {
      ...about(given),
      from: number(from, '--from'),
      to: number(to, '--to'),
      ...(value.length === 0 ? {} : { values: value }),
      ...(missing ? { missing } : {}),
      ...(unseen ? { unseen } : {}),
      ...(reference ? { side: 'reference' } : {}),
      ...(maxResults === undefined ? {} : { top: maxResults }),
    })
    const answer: DataAnswer = { ...found, notes: [], tables: {}, elapsedMs: 0 }
    const result = showRows(answer, io, given)
    io.stderr(
      `${found.truncated ? `the first ${found.rows.length} of ` : ''}${found.total.toLocaleString('en')} rows\n`,
    )
    return result
  },
})

function number(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value))
    throw usage(`${flag} ${text} is no number`, `${flag} 12.5`)
  return value
}
