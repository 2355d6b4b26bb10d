import type { PlanMistake } from '../gates/gate.ts'
import type { DataColumns } from './plan-check.ts'
import { isNumber } from './rows/table.ts'

/** More values than this in a column with a fraction are no classes. */
const mostClasses = 50

/** What the target's column alone tells of the task: texts and truth values are classes, many fractions are measured. */
export function taskTold(
  { columns, distinct }: DataColumns,
  target: string,
): 'classification' | 'regression' | undefined {
  const type = columns.find(({ name }) => name.toLowerCase() === target.toLowerCase())?.type ?? ''
  if (/^(?:VARCHAR|BOOLEAN|ENUM)/.test(type)) return 'classification'
  const isFraction = isNumber(type) && !/INT/.test(type)
  return isFraction && (distinct.get(target) ?? 0) > mostClasses ? 'regression' : undefined
}

/** The mistake of a gate that is about classes and is given a target with measured numbers. */
export const needsClasses = (found: DataColumns, target: string, what: string): readonly PlanMistake[] =>
  taskTold(found, target) === 'regression'
    ? [
        {
          path: ['target'],
          message: `${what} is of classes, and '${target}' has about ${found.distinct.get(target)} different numbers.`,
        },
      ]
    : []

/** The mistake of a target with one value only. */
export const needsTwo = (found: DataColumns, target: string): readonly PlanMistake[] =>
  (found.distinct.get(target) ?? 2) < 2
    ? [
        {
          path: ['target'],
          message: `'${target}' has one value only in these data: nothing can be compared by it.`,
        },
      ]
    : []
