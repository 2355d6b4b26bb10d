import { AnalyticsError, type RowStream, type Session } from './analytics.ts'
import type { Child } from './child-process.ts'

/** The session that a child has open, as its asker sees it. */
export const sessionOf = (child: Child): Session => ({
  run: (sql, values = []) => child.ask({ do: 'run', sql, values }),
  all: (sql, values = []) => child.ask({ do: 'all', sql, values }),
  select: (sql, { limit }) => child.ask({ do: 'select', sql, limit }),
  append: (table, rows) => child.ask({ do: 'append', table, rows }),
  tablesIn: (sql) => child.ask({ do: 'tablesIn', sql }),
  histograms: (sql, options) => child.ask({ do: 'histograms', sql, options }),
  async stream(sql, values = []): Promise<RowStream> {
    const { stream, columns } = await child.ask({ do: 'stream', sql, values })
    let isTaken = false
    return {
      columns,
      async *[Symbol.asyncIterator]() {
        if (isTaken) throw new AnalyticsError('statement', 'A stream of rows can be read once.')
        isTaken = true
        try {
          for (;;) {
            const rows = await child.ask({ do: 'next', stream })
            if (rows === undefined) return
            yield rows
          }
        } finally {
          if (child.alive) await child.ask({ do: 'end', stream })
        }
      },
    }
  },
})
