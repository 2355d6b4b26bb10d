import type { Followed } from '../yaml/checks/check.ts'
import type { Graph, LocalComponent, Place } from '../yaml/graph.ts'
import { isCommand, localFile } from '../yaml/graph.ts'
import type { Loaded } from '../yaml/load.ts'
import type {
  CommandComponent,
  CommandJob,
  PipelineComponent,
  PipelineJob,
  Step,
} from '../yaml/shapes/job.ts'
import type { BatchDeployment, BatchInvocation } from '../yaml/shapes/batch.ts'
import type { OnlineDeployment, OnlineEndpoint } from '../yaml/shapes/serving.ts'
import type { Input } from '../yaml/shapes/values.ts'
import { isExpression } from '../yaml/shape.ts'

/** Kinds of thing that a file may refer to at the server: the path segment of their ids. */
export type ReferredType =
  | 'environments'
  | 'data'
  | 'models'
  | 'components'
  | 'computes'
  | 'datastores'
  | 'onlineEndpoints'
  | 'batchEndpoints'

/** A reference as it was written, and where. */
export interface Wanted {
  readonly type: ReferredType
  readonly text: string
  readonly place: Place
}

/** Everything that a file and the files it refers to want from the server, so that all can be looked up at once. */
export function wantedBy(loaded: Loaded<unknown>, followed: Followed): readonly Wanted[] {
  const found: Wanted[] = []
  const place: Place = { source: loaded.source, path: [] }
  switch (loaded.kind) {
    case 'commandJob':
    case 'commandComponent':
      ofCommand(loaded.value as CommandJob | CommandComponent, place, found)
      break
    case 'pipelineJob':
    case 'pipelineComponent':
      ofPipeline(loaded.value as PipelineJob | PipelineComponent, place, found)
      if (followed.graph !== undefined) ofGraph(followed.graph, found)
      if (followed.component !== undefined)
        ofComponent(followed.component, { ...place, path: ['component'] }, found)
      break
    case 'onlineDeployment': {
      const { model, environment, endpoint_name: endpoint, data_collector } = loaded.value as OnlineDeployment
      want('models', model, { ...place, path: ['model'] }, found)
      want('environments', environment, { ...place, path: ['environment'] }, found)
      want('onlineEndpoints', endpoint, { ...place, path: ['endpoint_name'] }, found)
      for (const [name, collection] of Object.entries(data_collector?.collections ?? {})) {
        const path = ['data_collector', 'collections', name, 'data']
        want('data', collection?.data, { ...place, path }, found)
      }
      break
    }
    case 'batchDeployment': {
      const {
        model,
        environment,
        endpoint_name: endpoint,
        compute,
        settings,
      } = loaded.value as BatchDeployment
      want('models', model, { ...place, path: ['model'] }, found)
      want('environments', environment, { ...place, path: ['environment'] }, found)
      want('batchEndpoints', endpoint, { ...place, path: ['endpoint_name'] }, found)
      want('computes', compute, { ...place, path: ['compute'] }, found)
      want('computes', settings?.default_compute, { ...place, path: ['settings', 'default_compute'] }, found)
      if (followed.component !== undefined)
        ofComponent(followed.component, { ...place, path: ['component'] }, found)
      break
    }
    case 'batchInvocation': {
      const { inputs, outputs } = loaded.value as BatchInvocation
      ofInputs(inputs, place, found)
      ofOutputs(outputs, place, found)
      break
    }
    case 'onlineEndpoint':
      want('computes', (loaded.value as OnlineEndpoint).compute, { ...place, path: ['compute'] }, found)
      break
    case 'data':
    case 'model':
      ofPath((loaded.value as { path: string }).path, undefined, { ...place, path: ['path'] }, found)
      break
    default:
  }
  return found
}

function ofGraph(graph: Graph, found: Wanted[]): void {
  for (const step of graph.steps.values()) {
    ofStep(step.value, step.place, found)
    if (isCommand(step)) ofCommand(step.value as CommandJob, step.place, found)
    else if (step.component !== undefined)
      ofComponent(step.component, { ...step.place, path: [...step.place.path, 'component'] }, found)
  }
}

function ofComponent(component: LocalComponent | string, place: Place, found: Wanted[]): void {
  if (typeof component === 'string') want('components', component, place, found)
  else if (component.graph !== undefined) {
    ofPipeline(component.value as PipelineComponent, component.place, found)
    ofGraph(component.graph, found)
  } else ofCommand(component.value as CommandComponent, component.place, found)
}

function ofPipeline(value: PipelineJob | PipelineComponent, place: Place, found: Wanted[]): void {
  const { settings } = value
  want(
    'computes',
    settings?.default_compute,
    { ...place, path: [...place.path, 'settings', 'default_compute'] },
    found,
  )
  want(
    'datastores',
    settings?.default_datastore,
    { ...place, path: [...place.path, 'settings', 'default_datastore'] },
    found,
  )
  if ('compute' in value)
    want('computes', value.compute, { ...place, path: [...place.path, 'compute'] }, found)
  ofInputs(value.inputs, place, found)
  ofOutputs(value.outputs, place, found)
}

function ofCommand(value: CommandJob | CommandComponent, place: Place, found: Wanted[]): void {
  want('environments', value.environment, { ...place, path: [...place.path, 'environment'] }, found)
  if ('compute' in value) ofStep(value, place, found)
}

function ofStep(value: Step, place: Place, found: Wanted[]): void {
  want('computes', value.compute, { ...place, path: [...place.path, 'compute'] }, found)
  ofInputs(value.inputs, place, found)
  ofOutputs(value.outputs, place, found)
}

function ofInputs(
  inputs: Readonly<Record<string, unknown>> | undefined,
  place: Place,
  found: Wanted[],
): void {
  for (const [name, value] of Object.entries((inputs ?? {}) as Readonly<Record<string, Input | null>>)) {
    if (typeof value !== 'object' || value === null || value.path === undefined) continue
    ofPath(value.path, value.type, { ...place, path: [...place.path, 'inputs', name, 'path'] }, found)
  }
}

function ofOutputs(
  outputs: Readonly<Record<string, unknown>> | undefined,
  place: Place,
  found: Wanted[],
): void {
  for (const [name, value] of Object.entries(outputs ?? {})) {
    const path = typeof value === 'object' && value !== null ? (value as { path?: string }).path : undefined
    if (path !== undefined)
      ofPath(path, undefined, { ...place, path: [...place.path, 'outputs', name, 'path'] }, found)
  }
}

/** Data and models by name, and the datastore of a path in one. */
function ofPath(path: string, type: string | undefined, place: Place, found: Wanted[]): void {
  const datastore = /^azureml:\/\/datastores\/([^/]+)/.exec(path)?.[1]
  if (datastore !== undefined) want('datastores', datastore, place, found)
  else if (/^azureml:(?!\/\/)/.test(path)) want(isModelType(type) ? 'models' : 'data', path, place, found)
}

export const isModelType = (type: string | undefined): boolean => type?.endsWith('_model') ?? false

function want(type: ReferredType, text: unknown, place: Place, found: Wanted[]): void {
  if (typeof text !== 'string' || text === '' || isExpression(text)) return
  const registered =
    ['computes', 'datastores', 'onlineEndpoints', 'batchEndpoints'].includes(type) ||
    text.startsWith('azureml:')
  if (registered && localFile(text) === undefined) found.push({ type, text, place })
}
