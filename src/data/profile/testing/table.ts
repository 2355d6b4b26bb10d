import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAnalytics } from '../../../analytics/create-analytics.ts'
import type { Session } from '../../../analytics/analytics.ts'
import { profileTable, type ProfiledTable, type ProfileOptions } from '../profile-table.ts'
import type { Profile } from '../profile.ts'

/** Profiles of what SQL makes, without a server. */
export interface ProfileLab {
  /** `tables` are made first; `data` is profiled, against `before` if there is one. */
  profile(
    tables: { readonly data: string; readonly before?: string },
    options?: Partial<ProfileOptions>,
  ): Promise<Profile>
  session<T>(reads: readonly string[], use: (session: Session) => Promise<T>): Promise<T>
  end(): Promise<void>
}

/** The moment that is now in these profiles. */
export const now = new Date('2026-01-01T00:00:00Z')

const table = (view: string): ProfiledTable => ({
  view,
  source: { id: `/data/${view}`, name: view, version: view === 'data' ? '2' : '1', format: 'parquet' },
  bytes: 1000,
  files: 1,
  notes: [],
})

export async function startLab(reads: readonly string[] = []): Promise<ProfileLab> {
  const folder = await mkdtemp(join(tmpdir(), 'twinloop-'))
  const analytics = createAnalytics(join(folder, 'analytics'), { memoryBytes: 256 * 2 ** 20, sessions: 1 })
  return {
    session: (paths, use) => analytics.session({ reads: paths }, use),
    profile: (tables, options = {}) =>
      analytics.session({ reads }, async (session) => {
        for (const [name, sql] of Object.entries(tables))
          await session.run(`create table "${name}" as ${sql}`)
        const against = tables.before === undefined ? {} : { against: table('before') }
        const profile = await profileTable(session, table('data'), { now, ...against, ...options })
        return { ...profile, createdAt: now.toISOString(), seconds: 0 }
      }),
    async end() {
      await analytics.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
