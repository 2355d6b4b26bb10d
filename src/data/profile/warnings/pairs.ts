import type { FeatureAssociation, Warning } from '../profile.ts'
import type { LaterTime } from '../pairs/later-times.ts'
import { percent, type Findings, type Unjudged } from './warnings.ts'

const nearlyOne = 0.95
const told = 20

/** Of fewer rows, columns go together by chance alone. */
const fewestRows = 20

/** What stands out about columns together: copies, correlations, and what knows too much of the target. */
export function pairWarnings(profile: Unjudged, findings: Findings): Warning[] {
  return [
    ...targetWarnings(profile, findings),
    ...equalWarnings(profile, findings),
    ...correlationWarnings(profile, findings),
  ]
}

function equalWarnings({ target }: Unjudged, { equal }: Findings): Warning[] {
  return equal
    .filter((pair) => target === undefined || !pair.includes(target.column))
    .map(([a, b]) => ({
      code: 'equal_columns',
      column: b,
      severity: 'warning',
      message: `'${b}' is equal to '${a}' in every row: one of them is enough.`,
    }))
}

function correlationWarnings({ associations, target }: Unjudged, { equal }: Findings): Warning[] {
  const isEqual = (a: string, b: string) => equal.some((pair) => pair.includes(a) && pair.includes(b))
  if (associations.rows < fewestRows) return []
  return associations.pairs
    .filter(
      ({ a, b, measure, value }) =>
        (measure === 'pearson' || measure === 'cramers_v') &&
        Math.abs(value) >= nearlyOne &&
        !isEqual(a, b) &&
        a !== target?.column &&
        b !== target?.column,
    )
    .toSorted((x, y) => Math.abs(y.value) - Math.abs(x.value))
    .slice(0, told)
    .map(({ a, b, measure, value }) => ({
      code: 'correlated',
      column: a,
      severity: 'info',
      message: `'${a}' and '${b}' say nearly the same (${measure === 'pearson' ? 'Pearson' : "Cramér's V"} ${value.toFixed(3)}).`,
    }))
}

function targetWarnings({ target }: Unjudged, { equal, later }: Findings): Warning[] {
  if (target === undefined) return []
  const copies = equal
    .filter((pair) => pair.includes(target.column))
    .map(([a, b]) => (a === target.column ? b : a))
  const copied = copies.map((name): Warning => ({
    code: 'leakage',
    column: name,
    severity: 'warning',
    message: `'${name}' is equal to the target '${target.column}' in every row: leave it out of the features.`,
  }))
  const leaking = target.features
    .filter(({ column, suspectedLeakage }) => suspectedLeakage && !copies.includes(column))
    .map((feature) => leakage(feature, target.column))
  return [...copied, ...leaking, ...later.map(knownLater)]
}

function leakage(feature: FeatureAssociation, target: string): Warning {
  const { column, measure, value, missingness, mutualInformation } = feature
  const byAbsence = missingness !== undefined && missingness >= 0.9 && missingness >= value - 0.02
  if (byAbsence)
    return {
      code: 'leakage_missingness',
      column,
      severity: 'warning',
      message: `Whether '${column}' is missing alone tells '${target}' (${measureName(measure)} ${missingness.toFixed(3)}): it is probably filled in afterwards.`,
    }
  const strength =
    mutualInformation >= 0.9 && value < 0.95
      ? `${percent(mutualInformation)} of its information`
      : `${measureName(measure)} ${value.toFixed(3)}`
  return {
    code: 'leakage',
    column,
    severity: 'warning',
    message: `'${column}' alone predicts '${target}' almost perfectly (${strength}): is it known at the time of the prediction?`,
  }
}

const measureName = (measure: FeatureAssociation['measure']) => (measure === 'auc' ? 'AUC' : 'R²')

const knownLater = ({ column, after, fraction }: LaterTime): Warning => ({
  code: 'known_later',
  column,
  severity: 'info',
  message: `'${column}' comes after '${after}' in ${percent(fraction)} of the rows: is it known at the time of the prediction?`,
})
