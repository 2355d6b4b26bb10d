import type { Actor } from '../../kernel/access/access.ts'
import { errors, UserError, type Problem } from '../../kernel/errors.ts'
import { spelled } from '../../kernel/grammar/place.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import { keyOf } from '../../kernel/resources/arm-id.ts'
import { checkActions } from '../actions/planning/check.ts'
import { metricsOf, requireInstallation, scopeOf } from './evaluation/look.ts'
import type { AlertRule, Condition } from './rule.ts'
import { checkSignal } from './signal-references.ts'

/** Something that a rule names and that there is not: refused, or only doubtful. */
export interface Finding {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly isWarning?: boolean
}

/**
 * What cannot be seen from a rule's words alone: a monitor or signal that there is not, a feature that it does not look at,
 * actions whose connections or jobs there are not. Throws validation with every problem and its place; a metric that nobody
 * has measured yet is a warning, for it may come.
 */
export async function checkReferences(
  platform: Platform,
  workspaceId: string,
  rule: AlertRule,
  actor: Actor,
): Promise<{ readonly warnings: readonly string[] }> {
  const { condition } = rule
  const found =
    condition.kind === 'signal'
      ? await checkSignal(platform, workspaceId, condition)
      : await checkMetrics(platform, workspaceId, condition, actor)
  const mistakes = await checkActions({ platform, workspaceId, actor, actions: rule.actions })
  const problems = [
    ...found
      .filter(({ isWarning }) => isWarning !== true)
      .map(({ path, message }) => ({ path, message: `${spelled(path)}: ${message}` })),
    ...mistakes.map(({ path, message, hint }) => ({
      path,
      message: hint === undefined ? message : `${message} (${hint})`,
    })),
  ].map(({ path, message }): Problem => ({ target: ['properties', ...path].join('.'), message }))
  const [first, second] = problems
  if (first !== undefined)
    throw errors.validation(
      `The alert rule is not valid: ${first.message}${second === undefined ? '' : ` (and ${problems.length - 1} more)`}`,
      { details: problems, ...(first.target === undefined ? {} : { target: first.target }) },
    )
  return { warnings: found.map(({ path, message }) => `${spelled(path)}: ${message}`) }
}

type OfSeries = Exclude<Condition, { readonly kind: 'signal' }>

async function checkMetrics(
  platform: Platform,
  workspaceId: string,
  condition: OfSeries,
  actor: Actor,
): Promise<readonly Finding[]> {
  const scope = await scopeOf(platform, keyOf(workspaceId), condition)
  if (scope === '')
    try {
      await requireInstallation(platform, actor)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return [
        {
          path: placeOf(condition),
          message: `${metricsOf(condition)[0]} is measured of the whole installation: ${error.message}`,
        },
      ]
    }
  const described = await platform.series.described(scope)
  const names = described.map(({ name }) => name)
  const unknown = metricsOf(condition).filter((name) => !names.includes(name))
  const everywhere = [
    ...new Set([...names, ...(await platform.series.described('')).map(({ name }) => name)]),
  ]
  const doubts = unknown.map((name): Finding => {
    const near = nearest(name, everywhere)
    return {
      path: placeOf(condition),
      message: `nobody has measured ${name} yet${near === undefined ? '' : `; did you mean ${near}?`}`,
      isWarning: true,
    }
  })
  const labels = [...selectedIn(condition), ...('by' in condition ? condition.by : [])]
  const known = new Set(
    described.filter(({ name }) => metricsOf(condition).includes(name)).flatMap((one) => one.labels),
  )
  const strange = unknown.length > 0 ? [] : labels.filter((label) => !known.has(label))
  return [
    ...doubts,
    ...strange.map((label): Finding => {
      const near = nearest(label, [...known])
      return {
        path: placeOf(condition),
        message: `${metricsOf(condition)[0]} has no label ${label}${near === undefined ? '' : `; did you mean ${near}?`}`,
        isWarning: true,
      }
    }),
  ]
}

const selectedIn = (condition: OfSeries): readonly string[] =>
  condition.kind === 'burn_rate'
    ? [...Object.keys(condition.bad.where), ...Object.keys(condition.all.where)]
    : Object.keys(condition.of.where)

const placeOf = ({ kind }: OfSeries): readonly string[] =>
  kind === 'threshold' ? ['when', 'metric'] : ['when', kind]
