import { identifier, literal } from '../../analytics/analytics.ts'
import { keepRows } from './kept.ts'
import { populationsOver } from './over-files.ts'
import type { Populations } from './population.ts'
import type { PopulationsOf } from './sources/part.ts'
import { readSources } from './sources/read-sources.ts'
import { relationOf } from './stored.ts'

/**
 * The populations of a signal in a run. Nothing is read before it is asked for, and each source once: production and
 * reference lie as Parquet files in the home, under what they were read from, so that the signals of a run share them and
 * a reference that stays the same is read in the first run only.
 */
export function openPopulations(given: PopulationsOf): Populations {
  const { platform, planned, signal } = given
  return populationsOver(
    platform.analytics,
    {
      production: () => readSources(given, planned.production),
      reference: () => readSources(given, planned.reference === undefined ? [] : [planned.reference]),
      async inOrder(stored) {
        const time = identifier(stored.roles.time ?? '')
        const key = { ordered: stored.fingerprint, by: time }
        const { file } = await keepRows(platform, key, async (file, folder) => {
          await platform.analytics.session({ reads: [stored.file], writes: [folder], signal }, (session) =>
            session.run(
              `copy (from ${relationOf(stored.file)} order by ${time}) to ${literal(file)} (format parquet, compression snappy)`,
            ),
          )
          return {}
        })
        return { ...stored, file }
      },
    },
    signal,
  )
}
