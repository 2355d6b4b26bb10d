import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { literal, type Analytics } from '../../../analytics/analytics.ts'
import { withNearestColumn } from '../../../data/exploration/ask.ts'
import { localSource } from '../../../data/tables/open-source.ts'
import { withSources } from '../../../data/tables/with-tables.ts'
import { errors } from '../../../kernel/errors.ts'
import { rowsFile } from './question.ts'

/** A name that no table of a question has. */
const answer = '"the answer"'

/**
 * Writes the answer to a question of local tables as one Parquet file below `folder`, and answers how many rows and
 * columns it has. Throws badRequest or an AnalyticsError for a question that cannot be answered, or has no rows.
 */
export async function writeAnswer(
  analytics: Analytics,
  question: { readonly sql: string; readonly paths: Readonly<Record<string, string>> },
  folder: string,
): Promise<{ readonly rows: number; readonly columns: readonly string[]; readonly bytes: number }> {
  const { sql, paths } = question
  const names = Object.keys(paths)
  const scratch = await mkdtemp(join(tmpdir(), 'twinloop-query-'))
  try {
    const sources = []
    for (const [i, name] of names.entries())
      sources.push(await localSource(paths[name] ?? '', name, { folder: join(scratch, String(i)) }))
    return await withSources(
      analytics,
      names,
      sources,
      (session) =>
        withNearestColumn(session, names, async () => {
          // As a question of the user's it can be one select only; what is one may be the text of a view.
          const described = await session.select(`describe\n${sql}`, { limit: 10_000 })
          const columns = described.rows.map(([column]) => column as string)
          checkColumns(columns)
          const target = join(folder, rowsFile)
          await session.run(`create view ${answer} as ${sql}`)
          const copied = await session.all(`copy (from ${answer}) to ${literal(target)} (format parquet)`)
          const rows = Number(copied.rows[0]?.[0])
          if (rows === 0) throw errors.badRequest('The query has no rows: there is nothing to score.')
          return { rows, columns, bytes: (await stat(target)).size }
        }),
      { writes: [folder] },
    )
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** A file's columns are known by their names, and a query may give one twice. */
function checkColumns(columns: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of columns) {
    if (seen.has(name.toLowerCase()))
      throw errors.badRequest(
        `The query gives two columns the name '${name}': name one of them otherwise, with as.`,
      )
    seen.add(name.toLowerCase())
  }
}
