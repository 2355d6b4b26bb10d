import { defineCommand } from '../../define-command.ts'
import { usage } from '../../failure.ts'

interface Cleaned {
  readonly dryRun: boolean
  readonly files: number
  readonly bytes: number
  readonly later: { readonly files: number; readonly bytes: number }
  readonly deletedPlaces: { readonly places: number; readonly files: number; readonly bytes: number }
}

export const cleanStorage = defineCommand({
  noun: 'storage',
  verb: 'clean',
  summary: 'Removes stored bytes that nothing names any more: what the server does within the hour, now.',
  flags: {
    dryRun: { type: 'switch', summary: 'Says what would be removed, and removes nothing.' },
    yes: { type: 'switch', short: 'y', summary: 'Does it. One of this and --dry-run is needed.' },
  },
  examples: ['twinloop storage clean --dry-run', 'twinloop storage clean --yes'],
  async run({ flags, client }) {
    if (flags.dryRun === flags.yes)
      throw usage('say whether it is to be done', 'twinloop storage clean --dry-run')
    const asked = await client()
    const { files, bytes, later, deletedPlaces } = await asked.post<Cleaned>(
      `${asked.connection.url}/providers/Twinloop/server/clean`,
      { dryRun: flags.dryRun },
    )
    return {
      dry_run: flags.dryRun,
      files,
      bytes,
      later: { files: later.files, bytes: later.bytes },
      deleted_places: { ...deletedPlaces },
    }
  },
})
