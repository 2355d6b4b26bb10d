import { watch } from 'node:fs'
import { readServerFile } from '../../client/connect.ts'
import { defineCommand } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import { isAlive } from './process.ts'

/** A server finishes what runs before it ends; longer than this it is stuck. */
const patienceMs = 30_000

export const down = defineCommand({
  noun: '',
  verb: 'down',
  summary: 'Stops the server of this home folder; jobs and deployments that run go on.',
  flags: {},
  examples: ['twinloop down'],
  async run({ io, settings }) {
    const server = await readServerFile(settings.home)
    if (server === undefined || !isAlive(server.pid)) {
      io.stderr('no server runs\n')
      return undefined
    }
    const gone = until(settings.home, () => !isAlive(server.pid))
    process.kill(server.pid, 'SIGTERM')
    if (!(await gone))
      throw new Failure(`the server (process ${server.pid}) has not ended within 30 s`, {
        hint: `kill -9 ${server.pid} ends it at once`,
      })
    io.stderr(`stopped ${server.http}\n`)
    return undefined
  },
})

/** Resolves true once `done` holds, looking whenever a file in the folder changes and four times a second besides: the
 * end of a process that is not our child is notified to nobody. */
async function until(folder: string, done: () => boolean): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const look = () => done() && resolve(true)
  const watcher = watch(folder, look)
  const tick = setInterval(look, 250)
  const end = setTimeout(() => resolve(done()), patienceMs)
  look()
  try {
    return await promise
  } finally {
    watcher.close()
    clearInterval(tick)
    clearTimeout(end)
  }
}
