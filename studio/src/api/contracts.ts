import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'

export interface ContractProperties {
  readonly data: string
  readonly description?: string
  readonly enforce?: boolean
  readonly checks?: readonly Readonly<Record<string, unknown>>[]
  readonly latest?: { readonly version: string; readonly outcome: string; readonly at: string }
}
export type Contract = Resource<ContractProperties>

/** A check of a contract in one version, with what breaks it. */
export interface CheckResult {
  readonly name: string
  readonly outcome: string
  readonly severity: string
  readonly sentence: string
  readonly observed: string
  readonly elementCount?: number
  readonly unexpectedCount?: number
  readonly unexpectedPercent?: number
  readonly partialUnexpectedCounts?: readonly { readonly value: unknown; readonly count: number }[]
  readonly failingRows?: {
    readonly columns: readonly string[]
    readonly rows: readonly (readonly unknown[])[]
  }
}
export interface ContractResult {
  readonly provisioningState: string
  readonly outcome?: string
  readonly rows?: number
  readonly results?: readonly CheckResult[]
  readonly error?: { readonly message: string }
}

/** What the contracts of its data say of a version, check by check. */
export const contractResultsQuery = (version: string) =>
  queryOptions({
    queryKey: keyOf(
      { types: ['contractResults', 'workspaces/data/versions/contractResults'], id: version },
      'results',
    ),
    queryFn: async ({ signal }) =>
      (
        await call<Page<Resource<ContractResult>>>(`${version}/providers/Twinloop/contractResults`, {
          signal,
        })
      ).value,
  })
