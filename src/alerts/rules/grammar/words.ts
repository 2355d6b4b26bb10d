/** An alert rule's own words, beside those that every resource and file may have. */
export const ruleWords = [
  'when',
  'every',
  'severity',
  'labels',
  'annotations',
  'no_data',
  'limit',
  'actions',
  'cool_down',
  'enabled',
] as const
