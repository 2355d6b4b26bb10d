import { randomUUID } from 'node:crypto'
import { rename, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Compute } from '../../compute/compute.ts'
import { errors } from '../../kernel/errors.ts'
import { lastWords } from './build/build-log.ts'
import { chooseInterpreter, interpreterOf, listInterpreters } from './build/interpreters.ts'
import { findMade, makeOnce, unmake } from './build/make-once.ts'
import { constraintsOf } from './packages/requirement.ts'
import { environmentKey, type EnvironmentSpecification } from './specification.ts'
import { findUv } from './build/uv.ts'

const program = fileURLToPath(new URL('../../../python/build_environment.py', import.meta.url))

/** Builds Python environments, each specification once, and finds those that were built. */
export interface EnvironmentBuilder {
  /**
   * The environment of a specification: at once if it was built before (by whichever server on this home folder), else
   * built now, or waited for where it is being built already. Throws a user error with uv's reason if it cannot be
   * built; asked again, it is tried again. An abort ends the waiting, not the build.
   */
  ensure(specification: EnvironmentSpecification, options?: EnsureOptions): Promise<Environment>
}

export interface EnsureOptions {
  readonly signal?: AbortSignal
  /** Told, if there is something to wait for, which process builds and the file it logs to. */
  readonly onBuilding?: (build: { readonly process: string; readonly log: string }) => void
}

/** An environment that stands. */
export interface Environment {
  /** Path of its interpreter, beside which its other programs are. */
  readonly python: string
  readonly key: string
  /** What building it said. */
  readonly log: string
  /** Variables that conda would set. */
  readonly variables: Readonly<Record<string, string>>
  /** What differs from what was asked for, to be told once to who uses it. */
  readonly notes: readonly string[]
}

/**
 * Environments in `{home}/environments`. `python` is the machine's interpreter (by default `python3`), `uv` the
 * command that is tried before one is installed.
 */
export function createEnvironmentBuilder(options: {
  readonly home: string
  readonly compute: Compute
  readonly python?: string
  readonly uv?: string
}): EnvironmentBuilder {
  const { compute } = options
  const folder = resolve(options.home, 'environments')
  const own = once(() => interpreterOf(options.python ?? 'python3'))
  const uv = once(async () =>
    findUv({
      compute,
      folder: join(folder, 'tools'),
      python: (await own()).path,
      ...(options.uv === undefined ? {} : { onPath: options.uv }),
    }),
  )
  const others = once(async () => listInterpreters(await uv()))

  return {
    async ensure(specification, { signal, onBuilding } = {}) {
      const interpreter = await chooseInterpreter(specification.python, await own(), others)
      const minor = interpreter.version.split('.').slice(0, 2).join('.')
      const key = environmentKey(specification, minor)
      const home = join(folder, key)
      await unmakeIfBroken(home)
      const made = await makeOnce<Marker>({
        compute,
        folder: home,
        name: `environment-${key}`,
        signal,
        onMaking: onBuilding,
        command: async (attempt) => {
          const { requirements } = specification
          const wanted = { requirements, constraints: constraintsOf(requirements) }
          const plan = { ...attempt, ...wanted, uv: await uv(), python: interpreter.path }
          const file = join(attempt.folder, 'plan.json')
          const temporary = `${file}.${randomUUID()}`
          await writeFile(temporary, JSON.stringify(plan))
          await rename(temporary, file)
          return [(await own()).path, '-I', '-S', program, file]
        },
      })
      if (!made.ready) {
        const reasons = [await lastWords(made), ...(interpreter.note ? [interpreter.note] : [])]
        throw errors.badRequest(`The Python environment cannot be built: ${reasons.join(' ')}`, {
          target: 'properties.environmentId',
        })
      }
      return {
        python: made.marker.python,
        key,
        log: made.log,
        variables: specification.variables,
        notes: [
          ...specification.notes,
          ...(interpreter.note ? [interpreter.note] : []),
          ...made.marker.notes,
        ],
      }
    },
  }
}

interface Marker {
  readonly folder: string
  readonly python: string
  readonly notes: readonly string[]
}

/** An environment whose interpreter was removed from the machine is a link to nowhere. */
async function unmakeIfBroken(home: string) {
  const made = await findMade<Marker>(home)
  if (made && !(await stat(made.marker.python).catch(() => undefined))) await unmake(home)
}

/** Runs it when first asked, and again only after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    }))
}
