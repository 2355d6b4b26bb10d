import { Failure } from '../failure.ts'
import { loadSource } from './load.ts'
import type { Problem } from './problem.ts'
import type { Component, PipelineComponent, PipelineJob, Step } from './shapes/job.ts'
import { dotted, isWithin, rangeAt } from './source.ts'
import type { Path, Source } from './source.ts'

/** Where a piece of a project was written. */
export interface Place {
  readonly source: Source
  readonly path: Path
}

/** A component that is at hand: from a file of its own or written inside a step. */
export interface LocalComponent {
  readonly place: Place
  readonly value: Component
  /** The steps inside, if it is a pipeline. */
  readonly graph: Graph | undefined
}

export interface GraphStep {
  readonly name: string
  readonly place: Place
  readonly value: Step
  /** Undefined for a step that is a command of its own or imports data; text for a reference to the server's. */
  readonly component: LocalComponent | string | undefined
  /** It has problems of its own: what else is said of it could be wrong. */
  readonly doubtful: boolean
}

/** True of a step that is a command of its own. */
export const isCommand = ({ component, value }: GraphStep): boolean =>
  component === undefined && value.type !== 'data_transfer'

/** A pipeline with its steps and, for each, the component it runs; files already followed. */
export interface Graph {
  readonly place: Place
  readonly value: PipelineJob | PipelineComponent
  readonly steps: ReadonlyMap<string, GraphStep>
  /** It has problems outside its steps: inputs, outputs or steps that it seems to lack could be there. */
  readonly doubtful: boolean
}

/**
 * Follows a pipeline's steps into their component files. Missing files and files within themselves are problems. `errors`
 * are what is wrong with the pipeline's own file.
 */
export async function readGraph(
  value: PipelineJob | PipelineComponent,
  place: Place,
  problems: Problem[],
  within: readonly string[] = [],
  errors: readonly Problem[] = [],
): Promise<Graph> {
  const steps = new Map<string, GraphStep>()
  const isOf = (path: Path, { range }: Problem) =>
    range !== undefined && isWithin(place.source, path, range[0])
  for (const [name, step] of Object.entries(value.jobs ?? {})) {
    if (step === null) {
      problems.push(
        problemAt({ source: place.source, path: [...place.path, 'jobs', name] }, `jobs.${name} is empty`),
      )
      continue
    }
    const at = { source: place.source, path: [...place.path, 'jobs', name] }
    const doubtful = errors.some((error) => isOf(at.path, error))
    const component =
      !doubtful && 'component' in step && step.component !== undefined
        ? await readComponent(step.component, { ...at, path: [...at.path, 'component'] }, problems, within)
        : undefined
    steps.set(name, { name, place: at, value: step, component, doubtful })
  }
  const places = [...steps.values()].map((step) => step.place.path)
  const doubtful = errors.some((error) => !places.some((path) => isOf(path, error)))
  return { place, value, steps, doubtful }
}

/** A component given as a reference, a file, or itself. A reference, and a file that has problems, is returned as it is. */
export async function readComponent(
  given: string | Component,
  place: Place,
  problems: Problem[],
  within: readonly string[] = [],
): Promise<LocalComponent | string> {
  if (typeof given !== 'string') return localComponent(given, place, problems, within)
  const file = localFile(given)
  if (file === undefined) return given
  const { reach, folder } = place.source
  const path = reach.resolve(folder, file)
  if (within.includes(path)) {
    problems.push(problemAt(place, `${dotted(place.path)}: ${given} contains itself`))
    return given
  }
  try {
    const kinds = ['commandComponent', 'pipelineComponent'] as const
    const loaded = await loadSource(await reach.open(path), problems, kinds)
    if (loaded?.errors.length !== 0) return given
    return await localComponent(loaded.value, { source: loaded.source, path: [] }, problems, [
      ...within,
      path,
    ])
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    problems.push(problemAt(place, `${dotted(place.path)}: ${error.message}`))
    return given
  }
}

/** The path in `file:./x.yml`, `./x.yml` or `x.yml`; undefined for a reference to something registered. */
export function localFile(given: string): string | undefined {
  if (given.startsWith('file:')) return given.slice('file:'.length)
  if (given.startsWith('azureml:')) return undefined
  return /^\.{0,2}\/|\.ya?ml$/i.test(given) ? given : undefined
}

export function problemAt(place: Place, message: string, hint?: string): Problem {
  return { source: place.source, range: rangeAt(place.source, place.path), severity: 'error', message, hint }
}

async function localComponent(
  value: Component,
  place: Place,
  problems: Problem[],
  within: readonly string[],
) {
  const graph =
    'jobs' in value && value.jobs !== undefined ? await readGraph(value, place, problems, within) : undefined
  return { place, value, graph }
}
