import type { ColumnDrift, Warning } from '../profile.ts'
import type { Unjudged } from './warnings.ts'

/** What has changed since the version that this one is held against. */
export function driftWarnings({ drift }: Unjudged): Warning[] {
  if (drift === undefined) return []
  const version = `version ${drift.against.version}`
  const schema = [
    ...drift.added.map(({ name, type }) => [name, `'${name}' (${type}) is new since ${version}.`] as const),
    ...drift.removed.map(
      ({ name, type }) => [name, `'${name}' (${type}) was in ${version} and has gone.`] as const,
    ),
    ...drift.retyped.map(
      ({ name, from, to }) => [name, `'${name}' was ${from} in ${version} and is ${to}.`] as const,
    ),
  ].map(([column, message]): Warning => ({ code: 'schema_changed', column, severity: 'warning', message }))
  const moved = drift.columns
    .filter(({ drifted }) => drifted)
    .map((column): Warning => ({
      code: 'drift',
      column: column.name,
      severity: 'warning',
      message: `'${column.name}' has drifted from ${version} (${distance(column)}; the threshold is 0.1).`,
    }))
  return [...schema, ...moved]
}

const distance = ({
  normalizedWassersteinDistance: wasserstein,
  jensenShannonDistance: jensenShannon,
}: ColumnDrift) =>
  wasserstein === undefined || wasserstein === null
    ? `Jensen–Shannon distance ${jensenShannon?.toFixed(3) ?? 'unknown'}`
    : `normalised Wasserstein distance ${wasserstein.toFixed(3)}`
