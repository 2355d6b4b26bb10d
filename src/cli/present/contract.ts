import type { Json } from '../client/client.ts'
import { frame, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** A data contract as its YAML has it: the checks are the user's own words. */
export function presentContract(body: Body): Json {
  const {
    data,
    description,
    tags,
    severity,
    enforce,
    examples,
    checks,
    freshness,
    latest,
    provisioningState,
  } = body.properties ?? {}
  return frame(body, {
    type: 'data_contract',
    data,
    description,
    tags,
    severity,
    enforce,
    examples,
    checks,
    freshness,
    latest,
    provisioning_state: provisioningState,
  })
}

/** A result or an evaluation: its own fields in the names of Great Expectations, values of the data as they are. */
export function presentEvaluation(properties: Json): Json {
  const { results, checks, failingRows, partialUnexpectedList, partialUnexpectedCounts, ...rest } = properties
  const each = (list: unknown) =>
    Array.isArray(list) ? list.map((item) => presentEvaluation(item as Json)) : undefined
  return Object.fromEntries(
    Object.entries({
      ...(snakeKeys(rest) as Json),
      results: each(results),
      checks: each(checks),
      partial_unexpected_list: partialUnexpectedList,
      partial_unexpected_counts: partialUnexpectedCounts,
      failing_rows: failingRows,
    }).filter(([, value]) => value !== undefined),
  )
}
