import type { ColumnProfile, SemanticType } from '../profile.ts'
import type { TableColumn } from './kinds.ts'

/** Names that keys have. */
const keyName = /(?:^|[^a-z])(?:id|key|uuid|guid|index|nr|no|row)$|[a-z](?:Id|ID|Key)$/
/** Fewer rows are unique by chance. */
const fewRows = 20
/** Whole numbers with at most so many values, each often there, are codes rather than amounts. */
const mostCodes = 20
const mostCategories = 50

/** What a column is, from its type, its values and its name. */
export function semanticType(
  { kind, whole, name }: TableColumn,
  {
    distinct,
    present,
    numeric,
    text,
  }: Pick<ColumnProfile, 'numeric' | 'text'> & {
    readonly distinct: number
    readonly present: number
  },
): SemanticType {
  if (distinct === 1) return 'constant'
  if (kind === 'nested') return 'nested'
  if (kind === 'boolean') return 'boolean'
  if (kind === 'time') return 'datetime'
  // Of a column without a value only its type is known.
  if (present === 0) return kind === 'number' ? 'numeric' : 'text'
  const isUnique = distinct === present && present >= fewRows
  if (kind === 'number') {
    const { min, max } = numeric ?? {}
    if (distinct === 2 && min === 0 && max === 1) return 'boolean'
    const isDense = typeof min === 'number' && typeof max === 'number' && max - min + 1 <= present * 1.01
    if (isUnique && numeric?.integers === true && (isDense || keyName.test(name))) return 'identifier'
    return whole && distinct <= mostCodes && distinct / present < 0.05 ? 'categorical' : 'numeric'
  }
  const reads = text?.reads
  if (distinct === 2 && reads?.booleans === present) return 'boolean'
  const isProse = (text?.meanLength ?? 0) > 50 || isSpaced(text)
  if (distinct / present > 0.95 && present >= fewRows && !isProse) return 'identifier'
  if (distinct <= mostCategories || distinct / present < 0.05) return 'categorical'
  return isProse || distinct / present > 0.5 ? 'text' : 'categorical'
}

/** Most values are of several words. */
function isSpaced(text: ColumnProfile['text']): boolean {
  const all = text?.patterns.reduce((sum, { count }) => sum + count, 0) ?? 0
  const spaced = text?.patterns.filter(({ pattern }) => pattern.trim().split(/\s+/).length >= 3) ?? []
  return all > 0 && spaced.reduce((sum, { count }) => sum + count, 0) > all / 2
}
