import { createHash } from 'node:crypto'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { ComponentInput, ComponentSpec } from '../../../training/components/spec.ts'
import type { DataSource } from '../../monitors/monitor.ts'
import { openPopulations } from '../../populations/open.ts'
import type { Population } from '../../populations/population.ts'
import { giveTable } from '../jobs/rows.ts'
import { isRaw, rawInput, windowFor, windowInputs } from '../jobs/sources.ts'
import type { SignalContext } from '../signal.ts'
import type { CustomParameters } from './parameters.ts'

/** Inputs of a component that get the rows of the signal's own sources, where it has them. */
const populations = ['production_data', 'reference_data'] as const

export interface Given {
  readonly inputs: Json
  /** Rows of production that it was given, as far as they are known. */
  readonly rows: number
}

/**
 * What the component is given: values as the monitor says them, data as they are, and of sources with a window the table of
 * the window's rows. Where it has inputs `data_window_start` and `data_window_end`, they tell the window; where it has inputs
 * `production_data` and `reference_data`, they are the signal's own.
 */
export async function inputsFor(
  context: SignalContext,
  spec: ComponentSpec,
  parameters: CustomParameters,
): Promise<Given> {
  const { planned } = context
  const sources = Object.entries(planned.inputs ?? {})
  const windowed = sources.find(([, { window }]) => window.kind !== 'whole')?.[1] ?? planned.production[0]
  const inputs: Record<string, Json> = { ...windowInputs(spec, windowFor(windowed, context)) } as Record<
    string,
    Json
  >
  let rows = 0
  const give = async (name: string, population: Population) => {
    inputs[name] = await giveTable(context, folderOf(context, name), population, typeOf(spec.inputs[name]))
  }
  for (const name of populations) {
    const isThere =
      name === 'production_data' ? planned.production.length > 0 : planned.reference !== undefined
    if (!(name in spec.inputs) || !isThere) continue
    const population = await (name === 'production_data'
      ? context.populations.production()
      : context.populations.reference())
    if (name === 'production_data') rows += population.rows
    await give(name, population)
  }
  for (const [name, source] of sources) {
    if (isRaw(source)) {
      inputs[name] = await rawInput(context, source, typeOf(spec.inputs[name]))
      continue
    }
    const population = await open(context, source)
    rows += population.rows
    await give(name, population)
  }
  for (const [name, value] of Object.entries(parameters.inputs)) inputs[name] = asInput(value)
  return { inputs, rows }
}

/** A source of the component's own, read as production data are. */
const open = (
  { platform, signal, workspaceId, actor, monitor, planned, at, model }: SignalContext,
  source: DataSource,
) =>
  openPopulations({
    platform,
    signal,
    workspaceId,
    actor,
    monitor,
    planned: { ...planned, production: [source] },
    at,
    model,
  }).production()

/** Data that a component may ask for as a table: with an MLTable file, as a folder, or as one file. */
export type TableType = 'mltable' | 'uri_folder' | 'uri_file'

const typeOf = (input: ComponentInput | undefined): TableType =>
  input?.type === 'mltable' || input?.type === 'uri_file' ? input.type : 'uri_folder'

/** A value, or an input as jobs are given it, whoever's spelling it is: YAML's `path` and `type` are REST's `uri` and `jobInputType`. */
function asInput(value: CustomParameters['inputs'][string]): Json {
  if (typeof value !== 'object') return { jobInputType: 'literal', value: String(value) }
  const { path, type, ...rest } = value
  return {
    ...rest,
    ...(typeof path === 'string' ? { uri: path } : {}),
    ...(typeof type === 'string' && rest['jobInputType'] === undefined
      ? { jobInputType: typeof path === 'string' ? type : 'literal' }
      : {}),
  }
}

function folderOf({ workspaceId, monitor, planned, at }: SignalContext, input: string): string {
  const parts = [workspaceId, monitor.name, planned.name, at.toISOString(), input]
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 24)
}
