import { join } from 'node:path'
import { identifier, literal, type Column } from '../../../analytics/analytics.ts'
import { keepRows } from '../kept.ts'
import type { DataSource } from '../../monitors/monitor.ts'
import { NoData } from '../population.ts'
import { requireColumn, rolesOf } from '../roles.ts'
import { signatureNames } from '../signature.ts'
import { describeFile, relationOf, type Stored } from '../stored.ts'
import { joinNotes, type Joined } from './join-notes.ts'
import { partsOf } from './parts.ts'
import type { Part, PopulationsOf, Written } from './part.ts'

/** What a file of this shape was made by: another version of this code reads anew. */
const version = 2

type Facts = Omit<Stored, 'file' | 'window'>

/**
 * Reads sources into one Parquet file of the home: each in its window, those after the first joined to it by correlation
 * id, and of the segment only. What was read before of the same bytes in the same way is taken from there. Throws NoData
 * with the reason where there is nothing.
 */
export async function readSources(given: PopulationsOf, sources: readonly DataSource[]): Promise<Stored> {
  const { platform, planned, model, signal } = given
  const parts = await partsOf(given, sources)
  const [first] = parts
  if (first === undefined) throw new NoData('The signal names no data.')
  const told = Object.assign(
    {},
    ...sources.toReversed().map(({ columns }) => columns),
  ) as DataSource['columns']
  const signature = await signatureNames(platform, model, signal)
  const { types, segment } = planned
  const identities = []
  for (const part of parts) identities.push(await part.identity())
  const key = { version, identities, told, types, segment: segment ?? null, signature: signature ?? null }
  const kept = await keepRows<Facts>(platform, key, async (file, folder) => {
    const written = await writeParts(given, parts, file, folder)
    return platform.analytics.session({ reads: [file], signal }, async (session) => {
      const names = (await session.all(`from ${relationOf(file)} limit 0`)).columns.map(({ name }) => name)
      const source = parts.map(({ shown }) => shown).join(' and ')
      const roles = rolesOf({
        ...written,
        columns: names,
        told,
        source,
        ...(signature === undefined ? {} : { signature }),
      })
      const described = await describeFile(session, file, { roles, types })
      if (described.rows === 0) throw new NoData(`There are no rows in ${source}${inSegment(given)}.`)
      return { ...described, roles, notes: written.notes, fingerprint: '' }
    })
  })
  const fingerprint = kept.file.replace(/^.*\//, '').replace(/\.parquet$/, '')
  const window = first.window
  return { ...kept.facts, file: kept.file, fingerprint, ...(window === undefined ? {} : { window }) }
}

const inSegment = ({ planned: { segment } }: PopulationsOf) =>
  segment === undefined ? '' : ` with ${segment.feature} ${segment.values.join(' or ')}`

async function writeParts(
  given: PopulationsOf,
  parts: readonly Part[],
  file: string,
  folder: string,
): Promise<Written> {
  const { platform, planned, signal } = given
  if (parts.length === 1 && planned.segment === undefined && parts[0] !== undefined)
    return parts[0].write(file, folder)
  const written: { readonly part: Part; readonly path: string; readonly of: Written }[] = []
  for (const [i, part] of parts.entries()) {
    const path = join(folder, `part-${i}.parquet`)
    written.push({ part, path, of: await part.write(path, folder) })
  }
  const reads = written.map(({ path }) => path)
  return platform.analytics.session({ reads, writes: [folder], signal }, async (session) => {
    const columns: (readonly Column[])[] = []
    for (const { path } of written)
      columns.push((await session.all(`from ${relationOf(path)} limit 0`)).columns)
    const joined = joinSql(written, columns)
    const where = segmentSql(given, joined.columns)
    await session.run(
      `copy (select * from (${joined.sql})${where}) to ${literal(file)} (format parquet, compression snappy)`,
    )
    const [base] = written
    const notes = written.flatMap(({ of }) => of.notes)
    for (const one of joined.joined)
      if (base !== undefined)
        notes.push(...(await joinNotes(session, { shown: base.part.shown, path: base.path }, one)))
    return {
      inputs: base?.of.inputs ?? [],
      outputs: base?.of.outputs ?? [],
      truth: [...(base?.of.truth ?? []), ...joined.truth],
      own: written.flatMap(({ of }) => of.own),
      notes,
    }
  })
}

type Parts = readonly { readonly part: Part; readonly path: string; readonly of: Written }[]

/** The first part's rows, each with those of the others that have the same correlation id (and row, where both tell one). */
function joinSql(parts: Parts, columns: readonly (readonly Column[])[]) {
  const names = columns.map((list) => list.map(({ name }) => name))
  const [base = []] = names
  const selected = ['part_0.*']
  const joins: string[] = []
  const taken = new Set(base)
  const truth: string[] = []
  const joined: Joined[] = []
  const idOf = (i: number) => {
    const { correlationId, shown } = parts[i]?.part ?? {}
    const told = correlationId ?? parts[0]?.part.correlationId
    if (told === undefined)
      throw new NoData(
        `${shown ?? ''} cannot be joined with ${parts[0]?.part.shown ?? ''}: name the column of their correlation ids in data_column_names.correlation_id of each.`,
      )
    requireColumn(told, { columns: names[i] ?? [], source: shown ?? '' })
    return told
  }
  for (const [i, { part, path }] of parts.entries()) {
    if (i === 0) continue
    const [left, right] = [idOf(0), idOf(i)]
    const byRow = base.includes('row')
    const theirsByRow = byRow && names[i]?.includes('row') === true
    const key = joinKey({ left, right, base: parts[0]?.path ?? '', byRow, theirsByRow })
    joined.push({ shown: part.shown, path, ...key })
    for (const name of names[i] ?? []) {
      if (name === right || (theirsByRow && name === 'row')) continue
      const shown = taken.has(name) ? `${part.source.context ?? `source_${i + 1}`}.${name}` : name
      taken.add(shown)
      if (part.source.context === 'ground_truth') truth.push(shown)
      selected.push(`part_${i}.${identifier(name)} as ${identifier(shown)}`)
    }
    // Of several rows with one id the last counts, as it does of labels that were sent twice.
    joins.push(
      ` left join (select * exclude (file_row_number), ${key.right} as joined_by
            from read_parquet(${literal(path)}, file_row_number = true)
          qualify row_number() over (partition by joined_by order by file_row_number desc) = 1) part_${i}
        on ${key.left} = part_${i}.joined_by`,
    )
  }
  const sql = `select ${selected.join(', ')} from ${relationOf(parts[0]?.path ?? '')} part_0${joins.join('')}`
  return { sql, truth, joined, columns: [...taken] }
}

/**
 * SQL of what two parts are joined by: the correlation id, and the number of the row in its request where the first part
 * has one. Others may tell it in a column `row`, or as Azure ML's preprocessed data do, at the end of the id (`id_0`); else
 * they mean the first row.
 */
function joinKey(of: {
  readonly left: string
  readonly right: string
  readonly base: string
  readonly byRow: boolean
  readonly theirsByRow: boolean
}) {
  const [left, right] = [`part_0.${identifier(of.left)}::varchar`, `${identifier(of.right)}::varchar`]
  if (!of.byRow) return { left, right }
  const known = `(select ${identifier(of.left)}::varchar from ${relationOf(of.base)})`
  return {
    left: `${left} || '_' || part_0."row"`,
    right: of.theirsByRow
      ? `${right} || '_' || "row"`
      : `case when regexp_replace(${right}, '_\\d+$', '') in ${known} and ${right} not in ${known} then ${right} else ${right} || '_0' end`,
  }
}

function segmentSql({ planned: { segment } }: PopulationsOf, columns: readonly string[]): string {
  if (segment === undefined) return ''
  requireColumn(segment.feature, { columns, source: 'the data, for data_segment' })
  return ` where ${identifier(segment.feature)}::varchar in (${segment.values.map(literal).join(', ')})`
}
