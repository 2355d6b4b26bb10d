import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { z } from 'zod'
import { errors, tellable } from '../../kernel/errors.ts'
import type { Action } from '../../kernel/resources/resource.ts'
import type { FileStore } from '../stores/file-store.ts'
import { storeOfDatastore } from './store-of-datastore.ts'

/** Longest that one check may take, with all that is tried again in it. */
const patienceMs = 30_000

interface Check {
  readonly check: 'list' | 'read' | 'write'
  readonly outcome: 'Passed' | 'Failed' | 'Skipped'
  readonly message: string
}

/**
 * `check` of a datastore: tries what jobs will do there, and says what works. It lists, reads a byte of the first file,
 * and with `write: true` also writes a small file and removes it. Never fails for what the store answers.
 */
export const checkAction: Action = {
  input: z.looseObject({ write: z.boolean().nullish() }),
  async run({ platform, resource, input }) {
    const signal = AbortSignal.timeout(patienceMs)
    const store = await storeOfDatastore(platform, resource).catch((error: unknown) => error)
    const checks = isStore(store)
      ? await tryAll(store, input['write'] === true, signal)
      : [failed('list', store)]
    const ok = checks.every(({ outcome }) => outcome !== 'Failed')
    return { body: { name: resource.name, outcome: ok ? 'Passed' : 'Failed', checks } }
  },
}

async function tryAll(store: FileStore, write: boolean, signal: AbortSignal): Promise<readonly Check[]> {
  const checks: Check[] = []
  let first: string | undefined
  try {
    const { files } = await store.list('', { limit: 1, signal })
    first = files[0]?.path
    checks.push(passed('list', first === undefined ? 'It is empty.' : `Its first file is '${first}'.`))
  } catch (error) {
    checks.push(failed('list', error))
  }
  if (first === undefined) checks.push({ check: 'read', outcome: 'Skipped', message: 'No file is known.' })
  else
    try {
      await buffer(await store.read(first, { range: { start: 0, end: 0 }, signal }))
      checks.push(passed('read', `'${first}' can be read.`))
    } catch (error) {
      checks.push(failed('read', error))
    }
  if (write)
    try {
      const path = `.twinloop-check-${randomUUID()}`
      await store.write(path, letter(), { ifNoneMatch: '*', signal })
      await store.remove(path, signal)
      checks.push(passed('write', 'A file was written and removed.'))
    } catch (error) {
      checks.push(failed('write', error))
    }
  return checks
}

const isStore = (value: unknown): value is FileStore =>
  typeof value === 'object' && value !== null && 'list' in value

const passed = (check: Check['check'], message: string): Check => ({ check, outcome: 'Passed', message })

function failed(check: Check['check'], error: unknown): Check {
  const late = error instanceof DOMException && error.name === 'TimeoutError'
  const known = late
    ? errors.unavailable(`It does not answer within ${patienceMs / 1000} seconds.`)
    : tellable(error)
  if (known === undefined) throw error
  return { check, outcome: 'Failed', message: known.message }
}

async function* letter() {
  yield Buffer.from('twinloop')
}
