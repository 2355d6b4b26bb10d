import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'
import { keyOf, listQuery, resourceQuery } from '../queries.ts'
import type { Page, Resource } from '../resource.ts'
import type { Workspace } from '../workspaces.ts'

type Labels = Readonly<Record<string, string>>
type Words = Readonly<Record<string, unknown>>

/** A rule as it is written, with what it found last. */
export interface AlertRuleProperties extends Words {
  readonly when: Words
  readonly severity?: string
  readonly every?: string
  readonly enabled?: boolean
  readonly actions?: readonly (string | Words)[]
  readonly warnings?: readonly string[]
  readonly evaluation: {
    readonly state: string
    readonly severity?: string
    readonly subject?: string
    readonly limit?: string
    /** When it was looked at last. */
    readonly at?: string
    readonly error?: string
    readonly alerts?: readonly {
      readonly state: string
      readonly shown: string
      readonly labels: Labels
      readonly activeAt: string
      readonly incident?: number
    }[]
    readonly values?: readonly { readonly labels: Labels; readonly shown: string }[]
  }
}
export type AlertRule = Resource<AlertRuleProperties>

export const rulesPath = (workspace: Workspace) => `${workspace.id}/providers/Twinloop/alertRules`

/** How often rules are read anew: what a look found is no event, unless an incident comes of it. */
const everyMs = 20_000

export const rulesQuery = (workspace: Workspace) => ({
  ...listQuery<AlertRuleProperties>(rulesPath(workspace)),
  refetchInterval: everyMs,
})

export const ruleQuery = (id: string) => ({
  ...resourceQuery<AlertRuleProperties>(id),
  refetchInterval: everyMs,
})

/** What a rule looked at in the past, and when it would have been true: by the machine that looks at it now. */
export interface Past {
  readonly subject: string
  readonly limit: string
  readonly from: string
  readonly to: string
  readonly looks: number
  readonly withoutData: number
  readonly dataSince?: string
  readonly error?: string
  readonly warnings: readonly string[]
  readonly notes: readonly string[]
  readonly firings: readonly {
    readonly labels: Labels
    readonly from: string
    readonly to: string | null
    readonly summary: string
  }[]
  readonly now: {
    readonly state: 'no_data' | 'true' | 'false'
    readonly values: readonly { readonly labels: Labels; readonly shown: string }[]
  }
  readonly actions?: readonly { readonly kind: string; readonly would?: string; readonly problem?: string }[]
  readonly measure: string
  readonly unit: 'ratio' | 'seconds' | 'bytes' | null
  /** Between which values it is not true. */
  readonly threshold: { readonly lower?: number; readonly upper?: number }
  readonly series: readonly {
    readonly labels: Labels
    readonly points: readonly { readonly at: string; readonly value: number | null }[]
  }[]
  readonly states: readonly {
    readonly labels: Labels
    readonly state: 'pending' | 'firing'
    readonly from: string
    readonly to: string | null
  }[]
}

export interface AskPast {
  /** A rule that is not kept. */
  readonly properties?: Words
  readonly days?: number
  readonly from?: string
  readonly to?: string
  readonly labels?: Labels
  /** Whether to tell what its actions would do. */
  readonly actions?: boolean
}

export const pastQuery = (ruleId: string, asked: AskPast) =>
  queryOptions({
    queryKey: keyOf({ types: ['alertRules', 'incidents'], id: ruleId }, 'past', asked),
    queryFn: ({ signal }) =>
      call<Past>(`${ruleId}/test`, { method: 'POST', body: { ...asked, series: true }, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  })

/** What is left of the cool-down and the budget of one action of a rule. */
export interface ActionBudget {
  readonly kind: string
  readonly afterwards?: string
  readonly problem?: string
  readonly lastAt?: string
  readonly coolDown?: string
  readonly coolsUntil?: string
  readonly budget?: {
    readonly per: string
    readonly atMost: number
    readonly left: number
    readonly freeAt?: string
  }
}

export const budgetsQuery = (ruleId: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['alertRules', 'incidents/actions'] }, 'budgets', ruleId.toLowerCase()),
    queryFn: async ({ signal }) =>
      (await call<Page<ActionBudget>>(`${ruleId}/budgets`, { method: 'POST', body: {}, signal })).value,
  })

export const enableRule = (id: string, enabled: boolean) =>
  call(id, { method: 'PATCH', body: { properties: { enabled } } })
