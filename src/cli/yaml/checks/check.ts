import { checkCommand } from './command.ts'
import { checkGraph } from './pipeline.ts'
import { isCommand, localFile, problemAt, readComponent, readGraph } from '../graph.ts'
import type { Graph, LocalComponent, Place } from '../graph.ts'
import type { Loaded } from '../load.ts'
import type { Problem } from '../problem.ts'
import type { CommandComponent, CommandJob, PipelineComponent, PipelineJob } from '../shapes/job.ts'
import type { BatchDeployment } from '../shapes/batch.ts'
import type { OnlineDeployment } from '../shapes/serving.ts'
import type { InlineEnvironment } from '../shapes/values.ts'
import { dotted } from '../source.ts'

/** What following a file's references gave. */
export interface Followed {
  /** Of a pipeline. */
  readonly graph?: Graph
  /** Of a job that runs a component directly. */
  readonly component?: LocalComponent | string | undefined
}

/**
 * Checks everything about a file that can be checked without a server, following the files it refers to. Of one whose
 * shape is wrong, the steps of a pipeline that are right.
 */
export async function checkLoaded(loaded: Loaded<unknown>, problems: Problem[]): Promise<Followed> {
  const place: Place = { source: loaded.source, path: [] }
  const isSound = loaded.errors.length === 0
  if (!isSound && loaded.kind !== 'pipelineJob' && loaded.kind !== 'pipelineComponent') return {}
  switch (loaded.kind) {
    case 'commandJob':
    case 'commandComponent': {
      const value = loaded.value as CommandJob | CommandComponent
      checkCommand(value, place, problems)
      await checkFiles(value, place, problems)
      return {}
    }
    case 'pipelineJob':
    case 'pipelineComponent': {
      const value = loaded.value as PipelineJob | PipelineComponent
      if (isSound && 'component' in value && value.component !== undefined) {
        const component = await readComponent(value.component, { ...place, path: ['component'] }, problems)
        if (typeof component === 'object') await checkComponent(component, problems)
        return { component }
      }
      if (isSound && value.jobs === undefined)
        problems.push(problemAt(place, 'a pipeline job needs jobs', 'add jobs: with a step'))
      const graph = await readGraph(value, place, problems, [], loaded.errors)
      checkGraph(graph, problems)
      await checkGraphFiles(graph, problems)
      return { graph }
    }
    case 'environment':
      await checkEnvironment(loaded.value as InlineEnvironment, place, problems)
      return {}
    case 'batchDeployment':
    case 'onlineDeployment': {
      const value = loaded.value as OnlineDeployment | BatchDeployment
      const code = value.code_configuration?.code
      if (code !== undefined)
        await checkPath(code, { ...place, path: ['code_configuration', 'code'] }, problems)
      await checkEnvironment(value.environment, { ...place, path: ['environment'] }, problems)
      if (!('component' in value) || value.component === undefined) return {}
      const component = await readComponent(value.component, { ...place, path: ['component'] }, problems)
      if (typeof component === 'object') await checkComponent(component, problems)
      return { component }
    }
    case 'data':
      await checkTable(loaded.value as { type?: string; path: string }, place, problems)
      return {}
    case 'model':
      await checkPath((loaded.value as { path: string }).path, { ...place, path: ['path'] }, problems)
      return {}
    default:
      return {}
  }
}

async function checkComponent(component: LocalComponent, problems: Problem[]): Promise<void> {
  const { value, place, graph } = component
  if (graph !== undefined) {
    checkGraph(graph, problems)
    await checkGraphFiles(graph, problems)
  } else if ('command' in value) {
    checkCommand(value, place, problems)
    await checkFiles(value, place, problems)
  }
}

async function checkGraphFiles(graph: Graph, problems: Problem[]): Promise<void> {
  for (const step of graph.steps.values()) {
    if (step.doubtful) continue
    if (isCommand(step)) await checkFiles(step.value as CommandJob, step.place, problems)
    else if (typeof step.component === 'object') {
      if (step.component.graph !== undefined) await checkGraphFiles(step.component.graph, problems)
      else await checkFiles(step.component.value as CommandComponent, step.component.place, problems)
    }
  }
}

/** The code, environment and input files of a command. */
async function checkFiles(
  value: CommandJob | CommandComponent,
  place: Place,
  problems: Problem[],
): Promise<void> {
  const below = (...path: string[]): Place => ({ ...place, path: [...place.path, ...path] })
  if (value.code !== undefined) await checkPath(value.code, below('code'), problems)
  await checkEnvironment(value.environment, below('environment'), problems)
  const includes = 'additional_includes' in value ? (value.additional_includes ?? []) : []
  for (const [i, include] of includes.entries())
    if (typeof include === 'string')
      await checkPath(include, { ...place, path: [...place.path, 'additional_includes', i] }, problems)
    else
      problems.push(
        problemAt(
          below('additional_includes'),
          'additional_includes: only paths of this machine can be included',
        ),
      )
  for (const [name, input] of Object.entries(value.inputs ?? {}))
    if (typeof input === 'object' && input !== null && input.path !== undefined)
      await checkPath(input.path, below('inputs', name, 'path'), problems)
}

async function checkEnvironment(
  given: string | InlineEnvironment | undefined,
  place: Place,
  problems: Problem[],
) {
  if (given === undefined) return
  if (typeof given === 'string') {
    const file = localFile(given)
    if (file !== undefined) await checkPath(file, place, problems)
    return
  }
  if (typeof given.conda_file === 'string')
    await checkPath(given.conda_file, { ...place, path: [...place.path, 'conda_file'] }, problems)
  if (given.build !== undefined)
    await checkPath(given.build.path, { ...place, path: [...place.path, 'build', 'path'] }, problems)
  if (given.image === undefined && given.build === undefined && given.conda_file === undefined)
    problems.push(problemAt(place, 'an environment needs an image, a build or a conda_file'))
}

/** A local table is a folder with a file `MLTable`, which says how the data are read. */
async function checkTable(
  { type, path }: { readonly type?: string; readonly path: string },
  place: Place,
  problems: Problem[],
): Promise<void> {
  const at = { ...place, path: ['path'] }
  const before = problems.length
  await checkPath(path, at, problems)
  if (type !== 'mltable' || !isLocalPath(path) || problems.length > before) return
  const { reach, folder } = place.source
  const entries = await reach.look(reach.resolve(folder, path))
  if (typeof entries !== 'object' || !entries.includes('MLTable'))
    problems.push(
      problemAt(
        at,
        typeof entries !== 'object'
          ? `path: ${path} is no folder, and an mltable is one`
          : `path: ${path} has no file MLTable`,
        'an mltable is a folder with a file MLTable that says how the data beside it are read',
      ),
    )
}

/** A local path must be there; URIs, references and expressions are the server's to know. */
async function checkPath(path: string, place: Place, problems: Problem[]): Promise<void> {
  if (!isLocalPath(path)) return
  const { reach, folder } = place.source
  if ((await reach.look(reach.resolve(folder, path))) === undefined)
    problems.push(problemAt(place, `${dotted(place.path)}: there is no ${path}`, reach.lookedIn(folder)))
}

/** Whether text is a path on this machine rather than a URI, a reference or an expression. */
export function isLocalPath(text: string): boolean {
  return text !== '' && !/^[a-z][a-z0-9+.-]+:|\$\{\{/i.test(text)
}
