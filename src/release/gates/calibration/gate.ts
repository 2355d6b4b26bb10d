import type { Json } from '../../../kernel/resources/resource.ts'
import { evaluateGate } from '../../evaluation/evaluate-gate.ts'
import { inheritedRows } from '../../evaluation/parameters.ts'
import { checkColumns, commonColumns } from '../../evaluation/plan-check.ts'
import { needsClasses, needsTwo } from '../../evaluation/tell-task.ts'
import type { Gate, GateResult } from '../gate.ts'
import { calibrationParameters, type CalibrationParameters } from './parameters.ts'
import { calibrationReport } from './report.ts'

const report = ({ details, measures, notes }: GateResult) =>
  calibrationReport(details as Json, measures, notes)

/** Whether probabilities are what they say. */
export const calibrationGate: Gate<CalibrationParameters> = {
  name: 'calibration',
  summary:
    'Probabilities are what they say: as many rows come true as are promised, neither too surely nor too cautiously.',
  parameters: calibrationParameters,
  inherits: inheritedRows,
  check: (parameters, context) =>
    checkColumns(context, parameters.data, commonColumns(parameters), (found) => [
      ...needsTwo(found, parameters.target),
      ...needsClasses(found, parameters.target, 'Calibration'),
    ]),
  advance: (parameters, context) => evaluateGate('calibration', parameters, context, report),
  report,
}
