import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'

/** A real PostgreSQL in a folder of its own, which ends with the test. */
export interface TestPostgres {
  readonly port: number
  /** `postgresql://127.0.0.1:…/postgres`, as a connection's target. */
  readonly target: string
  readonly username: string
  readonly password: string
  /** Runs statements, the last one's rows as objects; each in a connection of its own. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Stops it as a crash does; `start` brings it back on the same port. */
  kill(): Promise<void>
  start(): Promise<void>
  end(): Promise<void>
}

/** Where Debian's package `postgresql` has its programs; undefined if it is not installed. */
export function postgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : []
  return versions.map((v) => join(root, v, 'bin')).find((folder) => existsSync(join(folder, 'initdb')))
}

/** Why a test cannot run here, for `{ skip }`; false if it can. */
export const noPostgres: string | false =
  postgresPrograms() === undefined && 'PostgreSQL is not installed: apt-get install postgresql'

export async function startPostgres(): Promise<TestPostgres> {
  const programs = postgresPrograms()
  if (programs === undefined) throw new Error(String(noPostgres))
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const [username, password] = ['twinloop', 'p@ss:w/rd']
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password)
  // It refuses to run as root, and runs as its own user there.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  if (user.uid !== undefined && user.gid !== undefined)
    for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid)
  const data = join(folder, 'data')
  const making = [
    '-D',
    data,
    '-U',
    username,
    '--pwfile',
    passwordFile,
    '-A',
    'scram-sha-256',
    '-N',
    '-E',
    'UTF8',
    '--locale=C',
  ]
  execFileSync(join(programs, 'initdb'), making, { ...user, cwd: folder, stdio: 'pipe' })
  const port = await freePort()
  let server: ReturnType<typeof spawn> | undefined

  const postgres: TestPostgres = {
    port,
    target: `postgresql://127.0.0.1:${port}/postgres`,
    username,
    password,
    async query(sql) {
      const client = new Client({ host: '127.0.0.1', port, database: 'postgres', user: username, password })
      await client.connect()
      try {
        const result = await client.query<Record<string, unknown>>(sql)
        return (Array.isArray(result) ? result.at(-1) : result).rows
      } finally {
        await client.end()
      }
    },
    async kill() {
      if (server === undefined || server.exitCode !== null) return
      const gone = once(server, 'exit')
      server.kill('SIGQUIT')
      await gone
    },
    async start() {
      const settings = [
        'listen_addresses=127.0.0.1',
        'unix_socket_directories=',
        'fsync=off',
        'max_wal_size=256MB',
      ]
      const args = ['-D', data, '-p', String(port), ...settings.flatMap((s) => ['-c', s])]
      const started = spawn(join(programs, 'postgres'), args, {
        ...user,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      server = started
      const said: string[] = []
      for await (const line of createInterface({ input: started.stderr })) {
        if (line.includes('ready to accept connections')) {
          started.stderr.resume()
          return
        }
        said.push(line)
      }
      throw new Error(`PostgreSQL did not start: ${said.join('\n')}`)
    },
    async end() {
      await postgres.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await postgres.start()
  return postgres
}

const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))

/** A port on which nothing listens now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
