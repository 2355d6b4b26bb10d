/** What alert rules found, and what was told of it. Times are milliseconds since 1970. */
export interface AlertTables {
  alert_states: AlertStateRow
  incident_numbers: { scope: string; last: number }
  alert_groups: AlertGroupRow
}

/** Where a rule stands between two evaluations. */
export interface AlertStateRow {
  /** Key of the rule. */
  rule: string
  /** Key of its workspace. */
  scope: string
  /** Counts the changes, so that none is lost where two come at once. */
  version: number
  /** 0: never. */
  evaluated_at: number
  next_at: number
  /** 0: the incidents are not yet known to say what the state says. */
  settled: number
  /** JSON of the alerts, and of what was found last. */
  state: string
}

/** What was told of a group of alerts. */
export interface AlertGroupRow {
  /** Key of the routing that it belongs to. */
  routing: string
  key: string
  /** JSON. */
  state: string
}
