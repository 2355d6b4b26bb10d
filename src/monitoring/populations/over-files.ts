import { identifier, type Analytics, type Session } from '../../analytics/analytics.ts'
import type { Population, Populations } from './population.ts'
import { relationOf, type Stored } from './stored.ts'

/** Where the rows come from, each asked for at most once. Both throw NoData. */
export interface StoredSources {
  production(): Promise<Stored>
  reference(): Promise<Stored>
  /** The same rows in the order of their time column. */
  inOrder(stored: Stored): Promise<Stored>
}

interface Opened {
  readonly population: Population
  readonly stored: Stored
  /** SQL of its view. */
  readonly sql: string
}

/** Populations whose rows lie in Parquet files: what is opened here is a view of every session opened after. */
export function populationsOver(
  analytics: Analytics,
  sources: StoredSources,
  signal?: AbortSignal,
): Populations {
  const opened = new Map<string, Opened>()
  const pending = new Map<string, Promise<Population>>()

  const add = (name: string, stored: Stored, part: Partial<Population> & { readonly sql?: string } = {}) => {
    const { file, ...known } = stored
    const { sql = `from ${relationOf(file)}`, ...changed } = part
    const population = { ...known, files: [file], view: identifier(name), ...changed }
    opened.set(name, { population, stored, sql })
    return population
  }
  const once = (name: 'production' | 'reference') => {
    const known = pending.get(name)
    if (known !== undefined) return known
    const asked = sources[name]().then((stored) => add(name, stored))
    pending.set(name, asked)
    return asked
  }
  const nameOf = ({ view }: Population) =>
    [...opened].find(([, { population }]) => population.view === view)?.[0] ?? 'population'

  return {
    production: () => once('production'),
    reference: () => once('reference'),
    async chunks(of, count) {
      const name = nameOf(of)
      const known = opened.get(name)
      if (known === undefined) throw new Error(`${of.view} was not opened here.`)
      const ordered = of.roles.time === undefined ? known.stored : await sources.inOrder(known.stored)
      return chunkBounds(of.rows, count).map(([from, to], i) =>
        add(`${name} ${i + 1} of ${count}`, ordered, {
          sql: `select * exclude (file_row_number)
            from read_parquet('${ordered.file.replaceAll("'", "''")}', file_row_number = true)
            where file_row_number >= ${from} and file_row_number < ${to}`,
          rows: to - from,
          columns: of.columns,
          fingerprint: `${of.fingerprint}-${i + 1}-of-${count}`,
        }),
      )
    },
    session: <T>(use: (session: Session) => Promise<T>) => {
      const reads = [...new Set([...opened.values()].flatMap(({ population }) => population.files))]
      return analytics.session({ reads, ...(signal === undefined ? {} : { signal }) }, async (session) => {
        for (const { population, sql } of opened.values())
          await session.run(`create view ${population.view} as ${sql}`)
        return use(session)
      })
    },
  }
}

/** First row and the one after the last of each of `count` parts, whose lengths differ by one row at most. */
export const chunkBounds = (rows: number, count: number): readonly (readonly [number, number])[] =>
  Array.from({ length: count }, (_, i) => [
    Math.floor((rows * i) / count),
    Math.floor((rows * (i + 1)) / count),
  ])
