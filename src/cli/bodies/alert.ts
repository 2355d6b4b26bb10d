import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { AlertRoutingFile, AlertRuleFile, SilenceFile } from '../yaml/shapes/alerts.ts'

/** The body of a PUT of an alert rule, a routing or a silence: its words as they stand in the file. */
export const alertBody = (file: AlertRuleFile | AlertRoutingFile | SilenceFile): Json => {
  const { $schema: _, type: _type, name: _name, ...properties } = file
  return { properties: clean(properties) }
}
