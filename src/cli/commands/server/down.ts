import { watch } from 'node:fs'
import { readServerFile } from '../../client/connect.ts'
import { defineCommand } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { isAlive } from './process.ts'

/** A server finishes what runs before it ends; longer than this it is stuck. */
const patienceMs = 30_000

export const down = defineCommand({
  noun: '',
  verb: 'down',
  summary: 'Stops the server of this home folder; jobs and deployments that run go on.',
  flags: {
    all: {
      type: 'switch',
      summary: 'Also ends deployments and their gateway; the next `up` starts them again.',
    },
  },
  examples: ['twinloop down', 'twinloop down --all'],
  async run({ flags, io, settings }) {
    const stopped = await stopServer(settings.home, io)
    if (flags.all) {
      await endEverything(settings.home, io)
      io.stderr('ended deployments and the gateway\n')
    } else if (stopped)
      io.stderr('  jobs and deployments that run go on; twinloop down --all ends deployments, too\n')
    return undefined
  },
})

/** Whether there was one to stop. */
async function stopServer(home: string, io: Io): Promise<boolean> {
  const server = await readServerFile(home)
  if (server === undefined || !isAlive(server.pid)) {
    io.stderr('no server runs\n')
    return false
  }
  const gone = until(home, () => !isAlive(server.pid))
  process.kill(server.pid, 'SIGTERM')
  if (!(await gone))
    throw new Failure(`the server (process ${server.pid}) has not ended within 30 s`, {
      hint: `kill -9 ${server.pid} ends it at once`,
    })
  io.stderr(`stopped ${server.http}\n`)
  return true
}

/** Opens the home without serving it, to end what outlived its server. */
async function endEverything(home: string, io: Io): Promise<void> {
  const [{ createApp }, { readConfig }] = await Promise.all([
    import('../../../app.ts'),
    import('../../../config.ts'),
  ])
  const app = await createApp(readConfig(io.env, { home }))
  await app.stop({ everything: true })
}

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
