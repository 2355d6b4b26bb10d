import type { Table } from './csv.ts'

/** What a column is to a model: read from its values, as pandas will read them. */
export type Kind = 'number' | 'flag' | 'category'

export interface Column {
  readonly name: string
  readonly kind: Kind
  readonly missing: number
  /** Of numbers: the smallest and the largest. */
  readonly range?: readonly [number, number]
  /** Whether all numbers are whole. */
  readonly whole: boolean
  /** The different values, the most frequent first, as they are written. */
  readonly values: readonly { readonly value: string; readonly count: number }[]
}

export type Task = 'classification' | 'multiclass' | 'regression'

/** What is predicted from what. */
export interface Problem {
  readonly task: Task
  readonly target: Column
  /** Of a classification into two: the label whose chance is served. */
  readonly positive?: string
  readonly features: readonly Column[]
  readonly ignored: readonly { readonly name: string; readonly why: string }[]
}

/** What pandas takes for a missing value. */
const missingWords = new Set(['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None', '<NA>', '#N/A'])
const isMissing = (value: string) => missingWords.has(value)
const isNumber = (value: string) => /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value)
const isFlag = (value: string) => /^(true|false)$/i.test(value)
const isTime = (value: string) =>
  /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(value)

/** As many labels as a target of whole numbers may have before it is taken for a quantity. */
const mostNumberLabels = 10
/** As many labels as a classification may have. */
const mostLabels = 50
/** With fewer rows nothing can be learnt and split. */
const fewestRows = 50

/** What is in each column. */
export function describe(table: Table): readonly Column[] {
  return table.header.map((name, i) => {
    const counts = new Map<string, number>()
    let missing = 0
    for (const { values } of table.rows) {
      const value = values[i] ?? ''
      if (isMissing(value)) missing++
      else counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    const texts = [...counts.keys()]
    const isNumeric = texts.length > 0 && texts.every(isNumber)
    // pandas has no missing truth value: such a column it reads as text.
    const isTruth = texts.length > 0 && missing === 0 && texts.every(isFlag)
    const numbers = isNumeric ? texts.map(Number) : []
    return {
      name,
      kind: isNumeric ? 'number' : isTruth ? 'flag' : 'category',
      missing,
      whole: isNumeric && numbers.every(Number.isInteger),
      ...(isNumeric ? { range: [least(numbers), most(numbers)] as const } : {}),
      values: [...counts]
        .map(([value, count]) => ({ value, count }))
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
    }
  })
}

const least = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b))
const most = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.max(a, b))

/**
 * Decides what is learnt from what. `wanted` is what the user asked for, if anything. Throws a RangeError with the reason
 * where nothing can be learnt from the data.
 */
export function pose(
  table: Table,
  targetName: string,
  wanted: 'classification' | 'regression' | undefined,
): Problem {
  const columns = describe(table)
  const target = columns.find(({ name }) => name === targetName)
  if (target === undefined) throw new RangeError(`there is no column ${targetName}`)
  const known = table.rows.length - target.missing
  if (known < fewestRows)
    throw new RangeError(
      `only ${known} rows have a ${targetName}: ${fewestRows} are the fewest to learn from`,
    )
  if (target.values.length < 2)
    throw new RangeError(`${targetName} is always ${target.values[0]?.value}: there is nothing to predict`)
  const isClassification = wanted === undefined ? looksLikeLabels(target) : wanted === 'classification'
  if (!isClassification && target.kind !== 'number')
    throw new RangeError(
      `${targetName} is no number (${target.values[0]?.value}, …): a regression cannot predict it; leave --task out, or use --task classification`,
    )
  if (isClassification && target.values.length > mostLabels)
    throw new RangeError(
      `${targetName} has ${target.values.length} different values, and a classification has at most ${mostLabels}${target.kind === 'number' ? ': use --task regression' : ''}`,
    )
  const judged = columns
    .filter((column) => column !== target)
    .map((column) => ({ column, why: uselessness(column, table.rows.length) }))
  const features = judged.filter(({ why }) => why === undefined).map(({ column }) => column)
  if (features.length === 0) throw new RangeError('no column is left to predict from')
  const common = {
    target,
    features,
    ignored: judged.flatMap(({ column, why }) => (why === undefined ? [] : [{ name: column.name, why }])),
  }
  if (!isClassification) return { task: 'regression', ...common }
  if (target.values.length > 2) return { task: 'multiclass', ...common }
  return { task: 'classification', positive: positiveOf(target), ...common }
}

const looksLikeLabels = (target: Column) =>
  target.kind !== 'number' ||
  target.values.length === 2 ||
  (target.whole && target.values.length <= mostNumberLabels)

/** Why a column tells a model nothing, or too much; undefined for one that may be used. */
function uselessness(column: Column, rows: number): string | undefined {
  const different = column.values.length
  if (different === 0) return 'it is empty'
  if (different === 1 && column.missing === 0) return 'it is always the same'
  const isUnique = different > 0.9 * (rows - column.missing) && different > 20
  if (column.kind === 'category' && column.values.every(({ value }) => isTime(value)))
    return 'it is a time: make features of it in prep.py'
  if (column.kind === 'category' && isUnique) return 'it names the rows'
  if (
    column.kind === 'number' &&
    isUnique &&
    column.whole &&
    /(^|_|\b)(id|index|number|no|key)$|^$|^unnamed/i.test(column.name)
  )
    return 'it names the rows'
  return undefined
}

/** The label whose chance people want to know: what says yes, or else the rarer one. */
function positiveOf({ values }: Column): string {
  const yes = values.find(({ value }) => /^(true|yes|y|1|1\.0|positive)$/i.test(value))
  return (yes ?? values.at(-1))?.value ?? ''
}
