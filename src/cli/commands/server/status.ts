import { setTimeout } from 'node:timers/promises'
import { readServerFile, locate } from '../../client/connect.ts'
import { defineCommand } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import type { Io } from '../../io.ts'

/** How often a server that is not ready is asked again: from afar nobody tells when it is. */
const askAgainMs = 500

export const status = defineCommand({
  noun: '',
  verb: 'status',
  summary: 'Says whether the server runs, and where.',
  flags: {
    wait: { type: 'switch', summary: 'Waits until it is ready.' },
    timeout: { type: 'integer', placeholder: 'SECONDS', summary: 'How long to wait at most. Default 60.' },
  },
  examples: [
    'twinloop status',
    'twinloop status --query http -o tsv',
    'twinloop status --wait --timeout 300',
  ],
  async run({ flags, io, settings }) {
    const remote = io.env['TWINLOOP_URL'] || undefined
    const patience = (flags.timeout ?? 60) * 1000
    const deadline = flags.wait ? performance.now() + patience : 0
    for (;;) {
      const found = await look(io, settings.home, remote, flags.wait)
      if (found?.state === 'ready' || (found !== undefined && !flags.wait)) return found
      if (performance.now() > deadline)
        throw new Failure(`the server is not ready after ${patience / 1000} s`, {
          hint: remote === undefined ? 'start it: twinloop up --detach' : `TWINLOOP_URL is ${remote}`,
        })
      await setTimeout(askAgainMs, undefined, { signal: io.signal }).catch(() => {
        throw new Failure('interrupted', { exitCode: 130 })
      })
    }
  },
})

/** How the server is; undefined where there is none yet and that may be borne, a Failure where it may not. */
async function look(io: Io, home: string, remote: string | undefined, bears: boolean) {
  const server = await readServerFile(home)
  if (bears && remote === undefined && server === undefined) return undefined
  const { url } = await locate({ ...io.env, TWINLOOP_TOKEN: io.env['TWINLOOP_TOKEN'] || '-' }, home)
  let answer: Response
  try {
    answer = await fetch(`${url}/readyz`, { signal: io.signal })
  } catch (error) {
    if (bears && !io.signal.aborted) return undefined
    throw new Failure(`no server answers at ${url}`, {
      hint: remote === undefined ? 'start it: twinloop up --detach' : 'TWINLOOP_URL says where to look',
      cause: error,
    })
  }
  const state = answer.ok ? 'ready' : 'starting'
  return remote !== undefined || server === undefined ? { state, http: url } : { state, ...server, home }
}
