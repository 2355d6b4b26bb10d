import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createConnection } from 'mysql2'
import { freePort } from './postgres.ts'
import { debianPackage } from './test-cache.ts'

/** A real MariaDB in a folder of its own, which ends with the test. */
export interface TestMariaDb {
  readonly port: number
  /** `mysql://127.0.0.1:…/test`, as a connection's target. */
  readonly target: string
  readonly username: string
  readonly password: string
  /** Runs one statement; its rows as arrays. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>
  /** Stops it as a crash does; `start` brings it back on the same port. */
  kill(): Promise<void>
  start(): Promise<void>
  end(): Promise<void>
}

interface Programs {
  readonly server: string
  readonly share: string
  readonly libraries: string
}

let programs: Programs | undefined
try {
  const [server, uring, aio] = [
    await debianPackage('mariadb-server-core'),
    await debianPackage('liburing2'),
    await debianPackage('libaio1'),
  ]
  const libraries = [uring, aio].flatMap((folder) =>
    ['usr/lib', 'lib'].map((lib) => `${folder}/${lib}/x86_64-linux-gnu`),
  )
  programs = {
    server: join(server, 'usr/sbin/mariadbd'),
    share: join(server, 'usr/share/mysql'),
    libraries: libraries.join(':'),
  }
  execFileSync(programs.server, ['--no-defaults', '--version'], {
    env: { LD_LIBRARY_PATH: programs.libraries },
    stdio: 'pipe',
  })
} catch {
  programs = undefined
}

/** Why a test cannot run here, for `{ skip }`; false if it can. */
export const noMariaDb: string | false =
  programs === undefined &&
  'MariaDB cannot be had here: apt-get download mariadb-server-core liburing2 libaio1'

/** `settings` are options of the server, such as `ssl-cert=/path`. */
export async function startMariaDb(settings: readonly string[] = []): Promise<TestMariaDb> {
  if (programs === undefined) throw new Error(String(noMariaDb))
  const { server: program, share, libraries } = programs
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const [username, password] = ['twinloop', 'p@ss:w/rd']
  const data = join(folder, 'data')
  mkdirSync(data)
  const env = { LD_LIBRARY_PATH: libraries }
  const common = [
    '--no-defaults',
    `--datadir=${data}`,
    `--lc-messages-dir=${share}`,
    `--character-sets-dir=${join(share, 'charsets')}`,
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ]
  const system = ['mysql_system_tables.sql', 'mysql_system_tables_data.sql'].map((name) =>
    readFileSync(join(share, name), 'utf8'),
  )
  execFileSync(program, [...common, '--bootstrap', '--innodb-flush-log-at-trx-commit=0'], {
    env,
    input: ['create database mysql;', 'use mysql;', ...system].join('\n'),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const first = join(folder, 'first.sql')
  writeFileSync(
    first,
    `create database if not exists test;\ncreate user if not exists ${username}@'%' identified by '${password}';\ngrant all on *.* to ${username}@'%';\n`,
  )
  const port = await freePort()
  let running: ChildProcess | undefined

  const database: TestMariaDb = {
    port,
    target: `mysql://127.0.0.1:${port}/test`,
    username,
    password,
    async query(sql) {
      const connection = createConnection({
        host: '127.0.0.1',
        port,
        database: 'test',
        user: username,
        password,
        rowsAsArray: true,
        charset: 'utf8mb4',
      })
      const done = Promise.withResolvers<readonly (readonly unknown[])[]>()
      connection.query<never>(sql, (error, rows: unknown) =>
        error === null ? done.resolve(rows as unknown[][]) : done.reject(error),
      )
      return done.promise.finally(() => connection.destroy())
    },
    async kill() {
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
      const gone = once(running, 'exit')
      running.kill('SIGKILL')
      await gone
    },
    async start() {
      const args = [
        ...common,
        '--bind-address=127.0.0.1',
        `--port=${port}`,
        `--socket=${join(folder, 'socket')}`,
        `--init-file=${first}`,
        '--innodb-flush-log-at-trx-commit=0',
        '--sql-mode=',
        ...settings.map((setting) => `--${setting}`),
      ]
      const started = spawn(program, args, { env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
      running = started
      const said: string[] = []
      for await (const line of createInterface({ input: started.stderr })) {
        if (line.includes('ready for connections')) {
          started.stderr.resume()
          return
        }
        said.push(line)
      }
      throw new Error(`MariaDB did not start: ${said.join('\n')}`)
    },
    async end() {
      await database.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await database.start()
  return database
}
