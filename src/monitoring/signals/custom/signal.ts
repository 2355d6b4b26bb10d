import { findComponent } from '../../../training/components/find.ts'
import { runComponent } from '../jobs/component-job.ts'
import { takeTables } from '../jobs/rows.ts'
import { outputOf } from '../jobs/sources.ts'
import type { Signal } from '../signal.ts'
import { checkComponent, metricsOutput } from './check.ts'
import { inputsFor } from './inputs.ts'
import { judgeMetrics, metricsAt } from './metrics.ts'
import { customParameters, type CustomParameters } from './parameters.ts'

/** Metrics that a component of the user's computes. */
export const custom: Signal<CustomParameters> = {
  kind: 'custom',
  signalType: 'Custom',
  summary: 'Metrics that a component of your own computes, from whatever data it is given.',
  parameters: customParameters,
  reference: 'optional',
  // Its component says what it computes.
  metrics: [],

  check: checkComponent,

  async advance(parameters, context) {
    const { platform, workspaceId, state } = context
    let rows = typeof state['rows'] === 'number' ? state['rows'] : 0
    const made = await runComponent(context, 'component', async () => {
      const { id, spec } = await findComponent(parameters.component_id, {
        platform,
        workspace: workspaceId,
        target: 'component_id',
      })
      const given = await inputsFor(context, spec, parameters)
      rows = given.rows
      return { id, spec, inputs: given.inputs, output: outputOf(spec, metricsOutput, 'component_id') }
    })
    if (made === undefined) return { state: { rows }, doing: `runs ${parameters.component_id}` }
    await takeTables(context, made.job)
    const found = await metricsAt(context, made)
    if (found.length === 0)
      return {
        result: { outcome: 'no_data', reason: "The component's table has no rows: it computed no metric." },
      }
    return {
      result: {
        outcome: 'computed',
        values: judgeMetrics(found, rows, context),
        notes: [`Computed by ${parameters.component_id} in job ${made.job.name}.`],
      },
    }
  },
}
