import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../kernel/log.ts'

/** A server that says on one line where it is. */
const program = `
import { createApp } from ${JSON.stringify(new URL('../app.ts', import.meta.url).href)}
import { readConfig } from ${JSON.stringify(new URL('../config.ts', import.meta.url).href)}
const app = await createApp(readConfig(process.env, { port: 0, httpsPort: 0, gatewayPort: 0, logLevel: 'error' }))
const { urls } = await app.start()
console.log(JSON.stringify(urls))
`

/** A server as a process of its own on a home that is there, to be killed and started again. */
export function serverProcess(home: string) {
  let server: ChildProcess | undefined

  return {
    /** Resolves with its addresses when it serves. */
    async start(): Promise<{ readonly http: string; readonly gateway: string }> {
      server = spawn(process.execPath, ['--input-type=module', '--eval', program], {
        env: { ...process.env, TWINLOOP_HOME: home },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      if (server.stdout === null) throw new Error('the server has no output')
      const [line] = await once(createInterface(server.stdout), 'line')
      return JSON.parse(String(line)) as { http: string; gateway: string }
    },
    /** SIGKILL; resolves when the process has gone. */
    async kill(): Promise<void> {
      if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
      const gone = once(server, 'exit')
      server.kill('SIGKILL')
      await gone
    },
    /** Kills it, ends what it left running, and removes its home. */
    async end(): Promise<void> {
      await this.kill()
      const app = await createApp(readConfig({}, { home, port: 0, httpsPort: 0, gatewayPort: 0 }), {
        log: createLog({ level: 'error' }),
      })
      await app.stop({ everything: true })
      rmSync(home, { recursive: true, force: true })
    },
  }
}
