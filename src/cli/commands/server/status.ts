import { readServerFile, locate } from '../../client/connect.ts'
import { defineCommand } from '../../define-command.ts'
import { Failure } from '../../failure.ts'

export const status = defineCommand({
  noun: '',
  verb: 'status',
  summary: 'Says whether the server runs, and where.',
  flags: {},
  examples: ['twinloop status', 'twinloop status --query http -o tsv'],
  async run({ io, settings }) {
    const server = await readServerFile(settings.home)
    const remote = io.env['TWINLOOP_URL'] || undefined
    const { url } = await locate(
      { ...io.env, TWINLOOP_TOKEN: io.env['TWINLOOP_TOKEN'] ?? '-' },
      settings.home,
    )
    let answer: Response
    try {
      answer = await fetch(`${url}/readyz`, { signal: io.signal })
    } catch (error) {
      throw new Failure(`no server answers at ${url}`, {
        hint: remote === undefined ? 'start it: twinloop up --detach' : 'TWINLOOP_URL says where to look',
        cause: error,
      })
    }
    const state = answer.ok ? 'ready' : 'starting'
    if (remote !== undefined || server === undefined) return { state, http: url }
    return { state, ...server, home: settings.home }
  },
})
