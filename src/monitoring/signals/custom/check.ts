import { resolve } from '../../../data/resolve.ts'
import { UserError } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import { findComponent } from '../../../training/components/find.ts'
import type { ComponentSpec } from '../../../training/components/spec.ts'
import { isRaw, outputOf } from '../jobs/sources.ts'
import { checkSources } from '../../populations/check-sources.ts'
import { noSegments } from '../no-segments.ts'
import type { MonitorMistake, SignalCheck } from '../signal.ts'
import type { CustomParameters } from './parameters.ts'

/** What Azure ML calls the output of a component that computes metrics. */
export const metricsOutput = 'signal_metrics'

const ownSegments =
  'The component itself says which part a value is about, in the columns group and group_pivot of its table. To give it a part of the rows only, make a signal with data_segment.'

/** Inputs that a component gets without being told, where it has them. */
const offered = ['data_window_start', 'data_window_end', 'production_data', 'reference_data']

/** Whether the component is there, takes what it is given, is given what it needs, and makes what is read. */
export async function checkComponent(
  parameters: CustomParameters,
  given: SignalCheck,
): Promise<readonly MonitorMistake[]> {
  const { platform, workspaceId, planned } = given
  const path = ['component_id']
  const segments = noSegments(planned, ownSegments)
  if (segments.length > 0) return segments
  try {
    const { spec } = await findComponent(parameters.component_id, {
      platform,
      workspace: workspaceId,
      target: 'component_id',
    })
    outputOf(spec, metricsOutput, 'component_id')
    return [
      ...unknown(spec, Object.keys(parameters.inputs), 'inputs'),
      ...unknown(spec, Object.keys(planned.inputs ?? {}), 'input_data'),
      ...lacking(spec, [...Object.keys(parameters.inputs), ...Object.keys(planned.inputs ?? {})]),
      ...(await missingData(given)),
    ]
  } catch (error) {
    if (error instanceof UserError) return [{ path, message: error.message }]
    throw error
  }
}

/** What the component is to be given has to be there: as it is, or as a table that windows can be cut from. */
async function missingData(given: SignalCheck): Promise<readonly MonitorMistake[]> {
  const { platform, workspaceId, planned } = given
  const mistakes: MonitorMistake[] = []
  for (const [name, source] of Object.entries(planned.inputs ?? {})) {
    if (isRaw(source)) {
      try {
        await resolve(platform, workspaceId, source.uri)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        mistakes.push({ path: ['input_data', name, 'input_data'], message: error.message })
      }
      continue
    }
    const { reference: _, inputs: __, ...rest } = planned
    const found = await checkSources({
      ...given,
      planned: { ...rest, production: [source], features: { all: true } },
    })
    mistakes.push(
      ...found.map(({ path, message }) => ({ path: ['input_data', name, ...path.slice(1)], message })),
    )
  }
  return mistakes
}

function unknown(spec: ComponentSpec, names: readonly string[], where: string): readonly MonitorMistake[] {
  const all = Object.keys(spec.inputs)
  return names
    .filter((name) => !all.includes(name))
    .map((name) => {
      const near = nearest(name, all)
      const has = all.length === 0 ? 'it has none' : `it has ${all.join(', ')}`
      return {
        path: [where, name],
        message: `The component has no input '${name}': ${near === undefined ? has : `did you mean '${near}'?`}`,
      }
    })
}

function lacking({ inputs }: ComponentSpec, given: readonly string[]): readonly MonitorMistake[] {
  return Object.entries(inputs)
    .filter(
      ([name, input]) =>
        !input.optional && input.default === undefined && !given.includes(name) && !offered.includes(name),
    )
    .map(([name, { type }]) => ({
      path: ['component_id'],
      message: `The component needs its input '${name}' (${type}): give it in inputs, or data in input_data.`,
    }))
}
