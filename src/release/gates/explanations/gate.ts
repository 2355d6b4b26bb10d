import { errors } from '../../../kernel/errors.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import { inheritedRows } from '../../evaluation/parameters.ts'
import { checkColumns } from '../../evaluation/plan-check.ts'
import { conclusionOf, requireCompleted } from '../../predictions/results.ts'
import { hasEnded } from '../../predictions/scoring-job.ts'
import type { Role } from '../../predictions/steps.ts'
import type { EvidenceFile, Gate, GateContext } from '../gate.ts'
import { explanationAnswer, explanationFile, type Explanation } from './explanation.ts'
import { explanationJob, rolesOf } from './job.ts'
import { judgeExplanations } from './judge.ts'
import { explanationsParameters, type ExplanationsParameters } from './parameters.ts'
import { explanationsReport } from './report.ts'

/** What the candidate goes by, beside the champion; and whether it goes by what it may. */
export const explanationsGate: Gate<ExplanationsParameters> = {
  name: 'explanations',
  summary:
    'Tells what the model goes by (importance of columns, dependence, SHAP), and that it does not go by what it must not.',
  parameters: explanationsParameters,
  inherits: inheritedRows.filter((name) => name in explanationsParameters.shape),

  check: ({ data, target, must_not_matter: columns }, context) =>
    checkColumns(context, data, [
      { name: target, path: ['target'] },
      ...columns.map((name, i) => ({ name, path: ['must_not_matter', i] })),
    ]),

  async advance(parameters, context) {
    const { platform } = context
    const job = await context.job('explanations', () => explanationJob(parameters, context))
    if (!hasEnded(job)) return { doing: doingOf(job, context) }
    await requireCompleted(platform, job, 'Explaining')
    const found: Partial<Record<Role, Explanation>> = {}
    const files: EvidenceFile[] = []
    for (const [role] of rolesOf(context)) {
      const text = await conclusionOf(platform, job, role, explanationFile)
      const answer = explanationAnswer.parse(JSON.parse(text))
      if ('problem' in answer) throw errors.validation(answer.problem)
      found[role] = answer
      const file = { name: `${role}.json`, title: `All that explains the ${role}, for programs` }
      files.push(await context.keep({ ...file, contentType: 'application/json' }, text))
    }
    const { candidate, champion } = found
    if (candidate === undefined) throw new Error('The candidate is asked always.')
    const findings = judgeExplanations({ candidate, champion }, parameters, labelsOf(context))
    return { result: { ...findings, files } }
  },

  report: ({ details, measures, notes }) => explanationsReport(details as Json, measures, notes),
}

const labelsOf = (context: GateContext): Readonly<Partial<Record<Role, string>>> =>
  Object.fromEntries(rolesOf(context).map(([role, { name, version }]) => [role, `${name}:${version}`]))

function doingOf(job: Resource, context: GateContext): string {
  const steps = (job.status['steps'] ?? {}) as Readonly<Record<string, { state: string }>>
  const [, model] = rolesOf(context).find(([role]) => steps[role]?.state === 'active') ?? []
  return model === undefined ? 'reads the data' : `asks ${model.name}:${model.version} what it goes by`
}
