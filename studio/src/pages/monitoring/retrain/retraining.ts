import type { AlertRule } from '../../../api/alerts/rules.ts'
import type { JobInput } from '../../../api/jobs.ts'
import type { JobDefinition } from '../../../api/submit-job.ts'

/** A rule's way to train, as somebody may go it by hand. */
export interface Retraining {
  readonly rule: AlertRule
  /** Its place among the rule's actions. */
  readonly index: number
  /** What is trained by: a job of its own, or a schedule; undefined for what only the rule can gather or find. */
  readonly by: { readonly job: JobDefinition } | { readonly schedule: string } | undefined
  /** Why it cannot be done by hand. */
  readonly reason?: string
}

type Words = Readonly<Record<string, unknown>>
const isWords = (value: unknown): value is Words =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The `retrain` actions of rules that look at a monitor, or at signals of any. */
export function retrainingsOf(
  rules: readonly AlertRule[],
  monitor: { readonly name: string; readonly signals: readonly string[] },
): readonly Retraining[] {
  const own = rules.filter(({ properties: { when } }) =>
    when['monitor'] === undefined
      ? typeof when['signal'] === 'string' && monitor.signals.includes(when['signal'])
      : when['monitor'] === monitor.name,
  )
  return own.flatMap((rule) =>
    (rule.properties.actions ?? []).flatMap((action, index) => {
      const retrain = typeof action === 'string' ? undefined : action['retrain']
      return isWords(retrain) ? [{ rule, index, ...waysOf(rule, retrain) }] : []
    }),
  )
}

/** The action's words, as far as they matter here. */
interface RetrainWords {
  readonly job?: string | JobDefinition['properties']
  readonly inputs?: Words
}

function waysOf(rule: AlertRule, { job, inputs = {} }: RetrainWords): Pick<Retraining, 'by' | 'reason'> {
  const schedule = typeof job === 'string' ? /^schedule:(.+)$/i.exec(job)?.[1] : undefined
  if (schedule !== undefined) return { by: { schedule } }
  if (!isWords(job))
    return {
      by: undefined,
      reason: `The rule finds ${String(job)} when it fires; run that job again on its page.`,
    }
  const given = inputsOf(job.inputs ?? {}, inputs)
  if (typeof given === 'string') return { by: undefined, reason: given }
  const properties = { ...job, inputs: given, tags: { ...job.tags, retrainedFor: rule.name } }
  return { by: { job: { name: rule.name, properties } } }
}

/** The job's inputs with what the rule gives it; a sentence where only the rule can say what that is. */
function inputsOf(
  inputs: Readonly<Record<string, JobInput>>,
  given: Words,
): Readonly<Record<string, JobInput>> | string {
  const result = { ...inputs }
  for (const [name, value] of Object.entries(given)) {
    const input = inputs[name]
    if (isWords(value) || input === undefined)
      return `Its input '${name}' is gathered by the rule when it fires: of what the endpoint was asked, or of a newer version.`
    const text = String(value)
    result[name] = input.uri === undefined ? { ...input, value: text } : { ...input, uri: text }
  }
  return result
}
