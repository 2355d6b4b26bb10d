import { openConnection } from '../../../admin/connections.ts'
import { errors, tellable } from '../../../kernel/errors.ts'
import type { Action } from '../../../kernel/resources/resource.ts'
import { isDatabase, openSource } from './open-source.ts'
import { ConnectionLost } from './sql-source.ts'

/** Longest that one check may take. */
const patienceMs = 20_000

interface Check {
  readonly check: 'connect'
  readonly outcome: 'Passed' | 'Failed' | 'Skipped'
  readonly message: string
}

/**
 * `check` of a connection: opens the database that it leads to and asks it the shortest question. Never fails for what
 * the database answers. What is no database is `Skipped`: nothing can be asked of it that would not be a message or a change.
 */
export const checkConnection: Action = {
  asks: true,
  async run({ platform, resource }) {
    const { name, category } = await openConnection(platform, resource.scope, resource.name)
    const check = isDatabase(category)
      ? await connect(() => openSource(platform, resource.scope, name, { timeoutMs: patienceMs }))
      : skipped(`A connection of type ${category} is tried when it is used.`)
    return { body: { name, outcome: check.outcome, checks: [check] } }
  },
}

async function connect(open: () => ReturnType<typeof openSource>): Promise<Check> {
  try {
    const source = await open()
    try {
      await source.describe('select 1 as one')
    } finally {
      await source.close()
    }
    return { check: 'connect', outcome: 'Passed', message: 'The database answers.' }
  } catch (error) {
    const known = error instanceof ConnectionLost ? errors.unavailable(error.message) : tellable(error)
    if (known === undefined) throw error
    return { check: 'connect', outcome: 'Failed', message: known.message }
  }
}

const skipped = (message: string): Check => ({ check: 'connect', outcome: 'Skipped', message })
