import { errors } from '../../../kernel/errors.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { uriOfLocation } from '../../../data/resolve.ts'
import { placesOf } from '../../../serving/collection/places.ts'
import { findComponent } from '../../../training/components/find.ts'
import type { ComponentSpec } from '../../../training/components/spec.ts'
import type { DataSource } from '../../monitors/monitor.ts'
import { windowOf, type TimeWindow } from '../../populations/sources/part.ts'
import { NoData } from '../../populations/population.ts'
import type { SignalContext } from '../signal.ts'
import { runComponent } from './component-job.ts'

/** What Azure ML calls inputs and output of components that prepare the data of a monitor. */
const names = { data: 'input_data', output: 'preprocessed_data' } as const

/** Inputs that tell a component which stretch of time is asked about, where it has them. */
export function windowInputs(spec: ComponentSpec, { from, to }: TimeWindow): Json {
  const given = { data_window_start: from.toISOString(), data_window_end: to.toISOString() }
  return Object.fromEntries(
    Object.entries(given)
      .filter(([name]) => name in spec.inputs)
      .map(([name, value]) => [name, { jobInputType: 'literal', value }]),
  )
}

/** Throws a validation error for a component that is not there, or that cannot prepare data of a monitor. */
export async function checkPreprocessing(
  { platform, workspaceId }: Pick<SignalContext, 'platform' | 'workspaceId'>,
  reference: string,
): Promise<void> {
  const target = 'pre_processing_component'
  const { spec } = await findComponent(reference, { platform, workspace: workspaceId, target })
  if (spec.inputs[names.data] === undefined)
    throw errors.validation(
      `The component has to have an input '${names.data}' for the data that it prepares; it has ${Object.keys(spec.inputs).join(', ') || 'none'}.`,
      { target },
    )
  outputOf(spec, names.output, target)
}

/** The window of a source, or else the monitor's own period up to the run's time. */
export const windowFor = (source: DataSource | undefined, { at, monitor }: SignalContext): TimeWindow =>
  (source === undefined ? undefined : windowOf(source, at)) ?? {
    from: new Date(at.getTime() - monitor.periodMs),
    to: at,
  }

/** The one output of a component that is wanted: of this name, or its only one. Throws a validation error for neither. */
export function outputOf(spec: ComponentSpec, wanted: string, target: string): string {
  const all = Object.keys(spec.outputs)
  const [only] = all
  if (all.includes(wanted)) return wanted
  if (all.length === 1 && only !== undefined) return only
  throw errors.validation(
    `The component has to have an output '${wanted}'; it has ${all.length === 0 ? 'none' : all.join(', ')}.`,
    { target },
  )
}

/** True of data that a component is given as they are: named, whole and as they were made. */
export const isRaw = (source: DataSource): source is DataSource & { readonly uri: string } =>
  source.uri !== undefined && source.window.kind === 'whole' && source.preprocessing === undefined

/** A source as a job's input, untouched: where its data are, or where the collected files of its collection are. */
export async function rawInput(
  context: SignalContext,
  source: DataSource,
  type = 'uri_folder',
): Promise<Json> {
  if (source.uri !== undefined) return { jobInputType: source.type ?? type, uri: source.uri }
  const { platform, monitor, workspaceId } = context
  const collection = source.context ?? 'model_inputs'
  if (monitor.deployment === undefined)
    throw new NoData(
      `It is not known which deployment collected ${collection}: name the data (input_data: { path: … }).`,
    )
  const deployment = await platform.resources.find(monitor.deployment)
  const places = deployment === undefined ? {} : await placesOf(platform, deployment, deployment.properties)
  const place = places[collection]
  if (place === undefined)
    throw new NoData(`The deployment ${monitor.deployment.split('/').at(-1)} collects no ${collection}.`)
  const workspace = await platform.resources.get(workspaceId)
  const { container, path } = place
  return { jobInputType: 'uri_folder', uri: uriOfLocation(workspace, { kind: 'blob', container, path }) }
}

/**
 * A source whose component has made a table of it, by a job: undefined while that runs. The table holds the window's rows, so
 * nothing is cut off it after. As Azure ML has it the component is given `data_window_start`, `data_window_end` and
 * `input_data`, and makes `preprocessed_data`.
 */
async function preprocessed(
  context: SignalContext,
  name: string,
  source: DataSource,
): Promise<DataSource | undefined> {
  const reference = source.preprocessing
  if (reference === undefined) return source
  const { platform, workspaceId } = context
  const made = await runComponent(context, `preprocess-${name}`, async () => {
    const { id, spec } = await findComponent(reference, {
      platform,
      workspace: workspaceId,
      target: 'pre_processing_component',
    })
    return {
      id,
      spec,
      inputs: {
        ...windowInputs(spec, windowFor(source, context)),
        [names.data]: await rawInput(context, source, spec.inputs[names.data]?.type),
      },
      output: outputOf(spec, names.output, 'pre_processing_component'),
    }
  })
  if (made === undefined) return undefined
  const { preprocessing: _, ...rest } = source
  return { ...rest, uri: made.uri, type: made.type, window: { kind: 'whole' } }
}

/**
 * The signal with all of its sources prepared that have a component for it: undefined while a job prepares one. To be asked
 * before populations are opened.
 */
export async function prepareSources(context: SignalContext): Promise<SignalContext['planned'] | undefined> {
  const { planned } = context
  const all: Readonly<Record<string, DataSource | undefined>> = {
    ...Object.fromEntries(planned.production.map((source, i) => [`production-${i + 1}`, source])),
    reference: planned.reference,
    ...Object.fromEntries(
      Object.entries(planned.inputs ?? {}).map(([name, source]) => [`input-${name}`, source]),
    ),
  }
  const prepared: Record<string, DataSource | undefined> = {}
  // All jobs are put before one is waited for.
  for (const [name, source] of Object.entries(all))
    prepared[name] = source === undefined ? undefined : await preprocessed(context, name, source)
  if (Object.entries(all).some(([name, source]) => source !== undefined && prepared[name] === undefined))
    return undefined
  const { inputs, reference } = planned
  return {
    ...planned,
    production: planned.production.map((source, i) => prepared[`production-${i + 1}`] ?? source),
    ...(reference === undefined ? {} : { reference: prepared['reference'] ?? reference }),
    ...(inputs === undefined
      ? {}
      : {
          inputs: Object.fromEntries(
            Object.entries(inputs).map(([name, source]) => [name, prepared[`input-${name}`] ?? source]),
          ),
        }),
  }
}
