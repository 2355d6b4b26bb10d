/** What a search asks for, free of any spelling: `tracking/search` makes it from text, the store makes SQL of it. */
export type Comparator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'LIKE'
  | 'ILIKE'
  | 'IN'
  | 'NOT IN'
  | 'IS NULL'
  | 'IS NOT NULL'

export type FieldKind = 'attribute' | 'metric' | 'param' | 'tag' | 'dataset'

export interface Field {
  readonly kind: FieldKind
  /** Canonical attribute name, or the key of the metric, parameter or tag. */
  readonly key: string
  readonly type: 'string' | 'number'
}

/** All conditions of a search must hold. A field that an entity lacks satisfies nothing but `IS NULL`. */
export interface Condition {
  readonly field: Field
  readonly comparator: Comparator
  /** A list for IN and NOT IN, null for IS [NOT] NULL. */
  readonly value: string | number | readonly string[] | null
}

/** Entities that lack the field come last in either direction, and NaN just before them. */
export interface Ordering {
  readonly field: Field
  readonly descending: boolean
}
