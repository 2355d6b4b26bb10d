import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'
import type { Workspace } from './workspaces.ts'

export interface Both<T> {
  readonly from: T
  readonly to: T
}
interface Values {
  readonly count: number
  readonly top: readonly { readonly value: string; readonly rows: number }[]
}
type Summary = Readonly<Record<'mean' | 'std' | 'min' | 'p25' | 'p50' | 'p75' | 'max', number | null>>

/** A column of both sides, as the server compares them. */
export interface DiffColumn {
  readonly name: string
  readonly renamedTo?: string
  readonly kind: 'numeric' | 'datetime' | 'categorical' | 'other'
  readonly same: boolean
  readonly distance: number
  readonly missing: Both<number>
  readonly distinct?: Both<number>
  readonly numeric?: Both<Summary>
  readonly datetime?: Both<Readonly<Record<'min' | 'p50' | 'max', string | null>>>
  readonly kolmogorovSmirnov?: { readonly statistic: number; readonly pValue: number }
  readonly populationStabilityIndex?: number
  readonly histogram?: {
    readonly edges: readonly number[]
    readonly counts: Both<readonly number[]>
    readonly below: Both<number>
    readonly above: Both<number>
  }
  readonly totalVariation?: number
  readonly newValues?: Values
  readonly goneValues?: Values
  readonly shares?: readonly { readonly value: string; readonly from: number; readonly to: number }[]
}

export interface DataDiff {
  readonly from: {
    readonly reference: string
    readonly rows: number
    readonly columns: number
    readonly bytes: number
  }
  readonly to: DataDiff['from']
  readonly equal: boolean
  readonly schema: {
    readonly added: readonly { readonly name: string; readonly type: string }[]
    readonly removed: readonly { readonly name: string; readonly type: string }[]
    readonly renamed: readonly { readonly from: string; readonly to: string; readonly because: string }[]
    readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[]
    readonly reordered: boolean
  }
  readonly columns: readonly DiffColumn[]
  readonly notes: readonly string[]
}

export interface DiffProperties {
  readonly from: string
  readonly to: string
  readonly provisioningState: string
  readonly progress?: { readonly columns: number; readonly of: number } | null
  readonly result?: DataDiff | null
  readonly error?: { readonly message: string } | null
}

/** `flights:3` as a reference that the server follows. */
const referenceOf = (label: string) => `azureml:${label}`

/** One comparison for each pair of versions, whoever asks first: FNV-1a of both labels, so that any name will do. */
export function diffName(from: string, to: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(`${from}\n${to}`))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return `studio-${hash.toString(16).padStart(16, '0')}`
}

const diffId = (workspace: Workspace, from: string, to: string) =>
  `${workspace.id}/providers/Twinloop/dataDiffs/${diffName(from, to)}`

/** The comparison of two versions, if somebody has asked for it; else null. */
export const diffQuery = (workspace: Workspace, from: string, to: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['dataDiffs'], id: diffId(workspace, from, to) }, 'resource'),
    // Looked for by its name: that there is none is an answer, and no failure.
    queryFn: async ({ signal }) => {
      const { value } = await call<Page<Resource<DiffProperties>>>(
        `${workspace.id}/providers/Twinloop/dataDiffs`,
        { signal, query: { $search: diffName(from, to) } },
      )
      return value[0] ?? null
    },
  })

/** Lets two versions be compared, each as `name:version`; again, if it failed. */
export const compareData = (workspace: Workspace, from: string, to: string) =>
  call<Resource<DiffProperties>>(diffId(workspace, from, to), {
    method: 'PUT',
    body: { properties: { from: referenceOf(from), to: referenceOf(to) } },
  })
