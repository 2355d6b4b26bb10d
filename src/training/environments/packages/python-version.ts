/**
 * Which Python versions a PEP 440 specifier admits, to the precision that matters for environments: major and minor.
 * A patch version that is asked for admits its minor version, as wheels do.
 */

/** e.g. 3.11 as [3, 11]. */
export type Minor = readonly [number, number]

/** Versions that an environment can have at all. */
const known: readonly Minor[] = Array.from({ length: 15 }, (_, i) => [3, 6 + i] as const)

/** True if some patch of this version fits all of the specifiers; '' admits every version. */
export function admits(specifiers: string, version: Minor): boolean {
  return specifiers
    .split(',')
    .map((s) => s.trim())
    .filter((s) => s !== '')
    .every((s) => admitsOne(s, version))
}

/** True if any Python 3 from 3.6 on fits. */
export const isPossible = (specifiers: string) => known.some((version) => admits(specifiers, version))

export function parseMinor(text: string): Minor | undefined {
  const match = /^(\d+)\.(\d+)/.exec(text)
  return match ? [Number(match[1]), Number(match[2])] : undefined
}

function admitsOne(specifier: string, [major, minor]: Minor): boolean {
  const [, operator = '==', text = ''] =
    /^(===?|~=|!=|<=?|>=?)?\s*v?([0-9][0-9a-z.*]*)$/i.exec(specifier) ?? []
  const parts = text.split('.').filter((part) => part !== '*')
  const [wantedMajor, wantedMinor, patch] = parts.map((part) => Number.parseInt(part, 10))
  if (wantedMajor === undefined || Number.isNaN(wantedMajor)) return false
  // Compares majors only where no minor is given.
  const order = major - wantedMajor || (wantedMinor === undefined ? 0 : minor - wantedMinor)
  switch (operator) {
    case '!=':
      return order !== 0 || patch !== undefined
    case '>=':
      return order >= 0
    case '>':
      return order > 0 || (order === 0 && wantedMinor !== undefined && !text.endsWith('*'))
    case '<=':
      return order <= 0
    case '<':
      return order < 0 || (order === 0 && patch !== undefined && patch > 0)
    case '~=':
      return patch === undefined ? major === wantedMajor && order >= 0 : order === 0
    default:
      return order === 0
  }
}
