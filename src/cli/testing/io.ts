import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Io } from '../io.ts'
import { run } from '../main.ts'

/** What a command line did. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs command lines in this process, in a folder of their own with files in it. */
export interface TestShell {
  readonly folder: string
  readonly home: string
  write(files: Readonly<Record<string, string>>): void
  run(...argv: readonly string[]): Promise<Ran>
  end(): void
}

/** A shell whose home has a server at `url` with `token`, or (without them) none, and with further variables. */
export function testShell(
  server?: { readonly url: string; readonly token: string },
  variables: Readonly<Record<string, string>> = {},
): TestShell {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const home = join(folder, '.home')
  const env = {
    PATH: process.env['PATH'],
    TWINLOOP_HOME: home,
    ...(server === undefined ? {} : { TWINLOOP_URL: server.url, TWINLOOP_TOKEN: server.token }),
    ...variables,
  }
  return {
    folder,
    home,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), text)
      }
    },
    async run(...argv) {
      const out: string[] = []
      const err: string[] = []
      const io: Io = {
        stdout: (text) => void out.push(text),
        stderr: (text) => void err.push(text),
        env,
        cwd: folder,
        colour: false,
        outputColour: false,
        width: 80,
        signal: new AbortController().signal,
      }
      return { code: await run(argv, io), out: out.join(''), err: err.join('') }
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  }
}
