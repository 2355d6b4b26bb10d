import type { Json } from '../../../kernel/resources/resource.ts'
import { evaluateGate } from '../../evaluation/evaluate-gate.ts'
import { inheritedRows, listed } from '../../evaluation/parameters.ts'
import { checkColumns, commonColumns } from '../../evaluation/plan-check.ts'
import { needsClasses, needsTwo } from '../../evaluation/tell-task.ts'
import type { Gate, GateResult } from '../gate.ts'
import { fairnessParameters, type FairnessParameters } from './parameters.ts'
import { fairnessReport } from './report.ts'

const report = ({ details, measures, notes }: GateResult) => fairnessReport(details as Json, measures, notes)

/** How groups of people are treated: fairlearn's disparities, judged with confidence. */
export const fairnessGate: Gate<FairnessParameters> = {
  name: 'fairness',
  summary:
    'Groups are treated alike: fairlearn’s disparities within limits, with confidence and a least size of groups.',
  parameters: fairnessParameters,
  inherits: inheritedRows,
  check: (parameters, context) =>
    checkColumns(
      context,
      parameters.data,
      [
        ...commonColumns(parameters),
        ...parameters.sensitive_features.flatMap((feature, i) =>
          listed(feature).map((name) => ({ name, path: ['sensitive_features', i] })),
        ),
      ],
      (found) => [
        ...needsTwo(found, parameters.target),
        ...needsClasses(found, parameters.target, 'Fairness'),
      ],
    ),
  advance: (parameters, context) => evaluateGate('fairness', parameters, context, report),
  report,
}
