import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import type { Job, Setting } from './steps.ts'

const root = join(import.meta.dirname, '..', '..')

/** What a CI brings itself; the runner has it ready before the first step. */
const provided =
  /^(actions\/(checkout|setup-node|setup-python)@v\d+|checkout: self|(UseNode|UsePythonVersion|PublishTestResults)@\d)$/

/** A machine as CI gives it: nothing of this repository is on it but the package that people install. */
export interface Machine {
  readonly folder: string
  /** The packed package. */
  readonly package: string
  /** Runs a line in bash, in a folder of this machine; rejects with all it said if it fails. */
  bash(script: string, cwd: string, env?: Readonly<Record<string, string>>): Promise<string>
  /** A new clone of a repository that was made here. */
  clone(repository: string): string
  /** Runs the steps in order, as their CI does; answers what each said, by its name. */
  run(
    job: Job,
    setting: Setting,
    options: { readonly shell: readonly string[] },
  ): Promise<ReadonlyMap<string, string>>
  end(): void
}

/** Packs the package and prepares a machine with Node, Python and git. */
export function startMachine(): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-ci-'))
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  execFileSync('python3', ['-m', 'venv', join(folder, 'python')])
  const path = [
    join(folder, 'npm', 'bin'),
    join(folder, 'python', 'bin'),
    dirname(process.execPath),
    process.env['PATH'] ?? '',
  ].join(delimiter)
  // Neither the developer's server, nor the npm that runs these tests: its settings would win over what is said below.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:TWINLOOP_|npm_)/i.test(name))
  const base: NodeJS.ProcessEnv = {
    ...Object.fromEntries(inherited),
    PATH: path,
    CI: 'true',
    NPM_CONFIG_PREFIX: join(folder, 'npm'),
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    GIT_AUTHOR_NAME: 'A Person',
    GIT_AUTHOR_EMAIL: 'person@example.org',
    GIT_COMMITTER_NAME: 'A Person',
    GIT_COMMITTER_EMAIL: 'person@example.org',
  }
  const say = async (shell: readonly string[], script: string, cwd: string, env: NodeJS.ProcessEnv) => {
    const [command = 'bash', ...flags] = shell
    const child = spawn(command, [...flags, '-c', script], {
      cwd,
      env: { ...base, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text))
    const { promise, resolve, reject } = Promise.withResolvers<number | null>()
    child.once('error', reject)
    // Not `close`: what a step starts in the background keeps its output open.
    child.once('exit', resolve)
    return { code: await promise, said }
  }
  let clones = 0
  return {
    folder,
    package: join(folder, basename(packed.trim())),
    async bash(script, cwd, env = {}) {
      const { code, said } = await say(['bash', '-e'], script, cwd, env)
      if (code !== 0) throw new Error(`${script}\nended with ${code}:\n${said}`)
      return said
    },
    clone(repository) {
      const to = join(folder, `clone-${++clones}`, basename(repository))
      mkdirSync(dirname(to), { recursive: true })
      execFileSync('git', ['clone', '--quiet', repository, to])
      return to
    },
    async run(job, { workspace }, { shell }) {
      const heard = new Map<string, string>()
      let failure: Error | undefined
      for (const { name, script, uses, env, when } of job.steps) {
        if (when === 'never' || (failure !== undefined && when !== 'always')) continue
        if (script === undefined) {
          if (uses === undefined || !provided.test(uses)) throw new Error(`${name}: nobody brings ${uses}`)
          continue
        }
        const { code, said } = await say(shell, script, workspace, { ...job.env, ...env })
        heard.set(name, said)
        if (code !== 0)
          failure ??= new Error(`the step "${name}" of ${job.name} ended with ${code}:\n${said}`)
      }
      if (failure !== undefined) throw failure
      return heard
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  }
}
