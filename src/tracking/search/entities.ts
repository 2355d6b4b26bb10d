import type { Comparator, FieldKind } from '../../store/tracking/filter.ts'

const numeric: readonly Comparator[] = ['>', '>=', '=', '!=', '<', '<=']
const text: readonly Comparator[] = ['=', '!=', 'LIKE', 'ILIKE']
const textOrNull: readonly Comparator[] = [...text, 'IS NULL', 'IS NOT NULL']
const textOrList: readonly Comparator[] = [...text, 'IN', 'NOT IN']

interface Attribute {
  readonly type: 'string' | 'number'
  readonly comparators: readonly Comparator[]
  readonly sortable?: boolean
  readonly aliases?: readonly string[]
}

/** What can be asked of one kind of entity: MLflow's search documentation as data. */
export interface SearchableEntity {
  readonly name: string
  readonly attributes: Readonly<Record<string, Attribute>>
  /** Attributes of the datasets a run read. */
  readonly dataset?: Readonly<Record<string, Attribute>>
  /** Comparators of keyed fields; a kind that is absent cannot be searched. */
  readonly keyed: Partial<
    Readonly<Record<Exclude<FieldKind, 'attribute' | 'dataset'>, readonly Comparator[]>>
  >
}

const string = (comparators: readonly Comparator[] = text, more: Partial<Attribute> = {}): Attribute => ({
  type: 'string',
  comparators,
  sortable: true,
  ...more,
})
const number = (aliases: readonly string[] = []): Attribute => ({
  type: 'number',
  comparators: numeric,
  sortable: true,
  aliases,
})

export const runs: SearchableEntity = {
  name: 'run',
  attributes: {
    run_id: string(textOrList, { aliases: ['run_uuid'] }),
    run_name: string(text, { aliases: ['run name'] }),
    status: string(),
    user_id: string(text, { aliases: ['user'] }),
    artifact_uri: string(),
    start_time: number(['created']),
    end_time: number(),
  },
  dataset: {
    name: string(textOrList, { sortable: false }),
    digest: string(textOrList, { sortable: false }),
    context: string(textOrList, { sortable: false }),
  },
  keyed: { metric: numeric, param: textOrNull, tag: textOrNull },
}

export const experiments: SearchableEntity = {
  name: 'experiment',
  attributes: {
    name: string(),
    experiment_id: string([]),
    creation_time: number(),
    last_update_time: number(),
  },
  keyed: { tag: textOrNull },
}

export const registeredModels: SearchableEntity = {
  name: 'registered model',
  attributes: {
    name: string(),
    creation_timestamp: { ...number(), comparators: [] },
    last_updated_timestamp: { ...number(['timestamp']), comparators: [] },
  },
  keyed: { tag: text },
}

export const modelVersions: SearchableEntity = {
  name: 'model version',
  attributes: {
    name: string(),
    version_number: number(['version']),
    run_id: string(textOrList, { sortable: false }),
    source_path: string(text, { sortable: false, aliases: ['source'] }),
    creation_timestamp: { ...number(), comparators: [] },
    last_updated_timestamp: { ...number(['timestamp']), comparators: [] },
  },
  keyed: { tag: text },
}

export const loggedModels: SearchableEntity = {
  name: 'logged model',
  attributes: {
    name: string(textOrList),
    model_id: string(textOrList),
    model_type: string(textOrList),
    status: string(textOrList),
    source_run_id: string(textOrList),
    experiment_id: string(textOrList),
    artifact_uri: string(textOrList),
    creation_timestamp: number(['creation_timestamp_ms', 'creation_time']),
    last_updated_timestamp: number(['last_updated_timestamp_ms', 'last_updated_time']),
  },
  keyed: { metric: numeric, param: textOrList, tag: textOrList },
}

/** Spellings of the prefix before the dot. */
export const prefixes: Readonly<Record<string, FieldKind>> = {
  attribute: 'attribute',
  attributes: 'attribute',
  attr: 'attribute',
  run: 'attribute',
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  tag: 'tag',
  tags: 'tag',
  dataset: 'dataset',
  datasets: 'dataset',
}
