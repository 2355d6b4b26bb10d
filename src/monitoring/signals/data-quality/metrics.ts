import type { SignalMetric } from '../signal.ts'

const ofBoth = (name: string, wire: string): readonly SignalMetric[] =>
  (['numerical', 'categorical'] as const).map((group) => ({
    name,
    wire,
    group,
    threshold: 0,
    beyond: 'above',
  }))

/** Azure ML's three, of every feature: a threshold is how much more there may be than in the reference. */
export const rateMetrics: readonly SignalMetric[] = [
  ...ofBoth('null_value_rate', 'NullValueRate'),
  ...ofBoth('data_type_error_rate', 'DataTypeErrorRate'),
  ...ofBoth('out_of_bounds_rate', 'OutOfBoundsRate'),
]

/** Ours, of the rows as a whole: a threshold is what it says. */
export const tableMetrics = [
  { name: 'row_count', wire: 'RowCount', beyond: 'below' },
  { name: 'duplicated_row_rate', wire: 'DuplicatedRowRate', beyond: 'above' },
  { name: 'missing_column_count', wire: 'MissingColumnCount', beyond: 'above' },
  { name: 'new_column_count', wire: 'NewColumnCount', beyond: 'above' },
  { name: 'empty_column_count', wire: 'EmptyColumnCount', beyond: 'above' },
  { name: 'constant_column_count', wire: 'ConstantColumnCount', beyond: 'above' },
] as const satisfies readonly SignalMetric[]

export type TableMetric = (typeof tableMetrics)[number]['name']
