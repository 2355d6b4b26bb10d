import type { ColumnProfile, Warning, WarningCode } from '../profile.ts'
import { figure, moment } from '../words.ts'
import { percent, type Unjudged } from './warnings.ts'

const mostlyMissing = 0.5
const oftenMissing = 0.05
const manyCategories = 50
const strongSkew = 5
const mostlyZero = 0.5
const dominant = 0.95
/** Texts of which so many, but not all, read as numbers hold two kinds of things. */
const mixedFrom = 0.01

/** What stands out about one column alone. */
export function columnWarnings(column: ColumnProfile, { rows, target }: Unjudged): Warning[] {
  if (rows === 0) return []
  const warn = (code: WarningCode, severity: Warning['severity'], message: string): Warning => ({
    code,
    column: column.name,
    severity,
    message,
  })
  const { name, semanticType, missing, distinct } = column
  const present = rows - missing.count
  if (present === 0) return [warn('empty_column', 'warning', `'${name}' has no value in any row.`)]
  const isTarget = target?.column === name
  const found: Warning[] = []
  if (semanticType === 'constant')
    found.push(
      missing.count === 0
        ? warn(
            'constant',
            'warning',
            `'${name}' is ${quoted(column)} in every row: it can tell a model nothing.`,
          )
        : warn(
            'constant',
            'info',
            `'${name}' is ${quoted(column)} wherever it is not missing: only whether it is there can tell something.`,
          ),
    )
  found.push(...missingWarnings(column, isTarget, warn))
  if (semanticType === 'identifier')
    found.push(
      warn(
        'identifier',
        'info',
        `'${name}' looks like an identifier (${figure(distinct.count)} values in ${figure(present)} rows): leave it out of the features.`,
      ),
    )
  if (semanticType === 'categorical' && distinct.count > manyCategories)
    found.push(
      warn(
        'high_cardinality',
        'info',
        `'${name}' has ${figure(distinct.count)} categories: one-hot encoding would make as many columns; group the rare ones or use an encoding that can take them.`,
      ),
    )
  return [
    ...found,
    ...numericWarnings(column, present, warn),
    ...shapeWarnings(column, present, isTarget, warn),
  ]
}

type Warn = (code: WarningCode, severity: Warning['severity'], message: string) => Warning

const quoted = ({ top }: ColumnProfile) => (top[0] === undefined ? 'the same' : `'${top[0].value}'`)

function missingWarnings({ name, missing }: ColumnProfile, isTarget: boolean, warn: Warn): Warning[] {
  const share = `${percent(missing.fraction)} of the rows`
  const found: Warning[] = []
  if (isTarget && missing.count > 0)
    found.push(
      warn(
        'target_missing',
        'warning',
        `The target '${name}' is missing in ${share}: these cannot be learned from.`,
      ),
    )
  else if (missing.fraction >= mostlyMissing)
    found.push(warn('mostly_missing', 'warning', `'${name}' is missing in ${share}.`))
  else if (missing.fraction >= oftenMissing)
    found.push(warn('missing', 'info', `'${name}' is missing in ${share}.`))
  if (missing.empty > 0)
    found.push(
      warn(
        'empty_text',
        'info',
        `'${name}' is empty text in ${figure(missing.empty)} rows, which is not the same as missing.`,
      ),
    )
  return found
}

function numericWarnings(
  { name, numeric, semanticType }: ColumnProfile,
  present: number,
  warn: Warn,
): Warning[] {
  if (numeric === undefined || semanticType !== 'numeric') return []
  const found: Warning[] = []
  if (numeric.infinite > 0)
    found.push(
      warn(
        'infinite',
        'warning',
        `'${name}' is infinite in ${figure(numeric.infinite)} rows: most models refuse that.`,
      ),
    )
  if (Math.abs(numeric.skewness ?? 0) >= strongSkew)
    found.push(
      warn(
        'skewed',
        'info',
        `'${name}' is strongly skewed (${figure(numeric.skewness ?? 0)}): a few values are far ${(numeric.skewness ?? 0) > 0 ? 'above' : 'below'} the rest.`,
      ),
    )
  if (numeric.zeros / present >= mostlyZero)
    found.push(
      warn(
        'zeros',
        'info',
        `'${name}' is 0 in ${percent(numeric.zeros / present)} of the rows that have a value.`,
      ),
    )
  return found
}

function shapeWarnings(column: ColumnProfile, present: number, isTarget: boolean, warn: Warn): Warning[] {
  const { name, text, datetime, top, semanticType } = column
  const found: Warning[] = []
  const most = top[0]
  if (
    (semanticType === 'categorical' || semanticType === 'boolean') &&
    most !== undefined &&
    most.fraction >= dominant
  )
    found.push(
      warn(
        'imbalance',
        isTarget ? 'warning' : 'info',
        `'${name}' is '${most.value}' in ${percent(most.fraction)} of the rows that have a value.`,
      ),
    )
  if (text !== undefined) {
    const { numbers, dates } = text.reads
    if (numbers === present)
      found.push(warn('numbers_as_text', 'warning', `'${name}' is text, but every value reads as a number.`))
    else if (numbers / present >= mixedFrom)
      found.push(
        warn(
          'mixed_types',
          'warning',
          `'${name}' mixes kinds: ${percent(numbers / present)} of its values read as numbers, the others do not.`,
        ),
      )
    if (dates === present)
      found.push(warn('dates_as_text', 'info', `'${name}' is text, but every value reads as a date.`))
    if (text.padded > 0)
      found.push(
        warn(
          'padded',
          'info',
          `'${name}' begins or ends with spaces in ${figure(text.padded)} rows: equal values may look different.`,
        ),
      )
  }
  if (datetime !== undefined && datetime.future > 0)
    found.push(
      warn('future_dates', 'info', `'${name}' lies in the future in ${figure(datetime.future)} rows.`),
    )
  const gap = datetime?.gaps?.longest[0]
  if (datetime?.gaps && gap !== undefined && datetime.gaps.missing > 0)
    found.push(
      warn(
        'gaps',
        'info',
        `'${name}' has no row in ${figure(datetime.gaps.missing)} ${datetime.gaps.unit}s between first and last; the longest gap is ${figure(gap.units)} from ${moment(gap.from)}.`,
      ),
    )
  return found
}
