/** What all signals have alike, as YAML has it; what a kind has beside it, the kind itself says. */
export const sharedWords = [
  'type',
  'production_data',
  'reference_data',
  'features',
  'feature_type_override',
  'metric_thresholds',
  'data_segment',
  'alert_enabled',
  'properties',
  'segments',
  'thresholds_from_reference',
  'correction',
  'input_data',
  'inputs',
  'model_type',
] as const
export type SharedWord = (typeof sharedWords)[number]
