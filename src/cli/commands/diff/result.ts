/** The comparison as `properties.result` of a `dataDiffs` resource has it; see `src/data/diff/diff.ts` for what each means. */
export interface DiffResult {
  readonly from: Side
  readonly to: Side
  readonly equal: boolean
  readonly schema: {
    readonly added: readonly NamedType[]
    readonly removed: readonly NamedType[]
    readonly renamed: readonly {
      readonly from: string
      readonly to: string
      readonly because: 'values' | 'name'
    }[]
    readonly retyped: readonly { readonly name: string; readonly from: string; readonly to: string }[]
    readonly reordered: boolean
  }
  readonly columns: readonly ColumnResult[]
  readonly keyed?: KeyedResult
  readonly keyCandidates?: readonly string[]
  readonly notes: readonly string[]
}

interface Side {
  readonly reference: string
  readonly rows: number
  readonly columns: number
}
interface NamedType {
  readonly name: string
  readonly type: string
}
interface Both<T> {
  readonly from: T
  readonly to: T
}
interface Counts {
  readonly count: number
  readonly top: readonly { readonly value: string; readonly rows: number }[]
}

export interface ColumnResult {
  readonly name: string
  readonly kind: string
  readonly same: boolean
  readonly distance: number
  readonly missing: Both<number>
  readonly numeric?: Both<Readonly<Record<'mean' | 'p50' | 'min' | 'max', number | null>>>
  readonly datetime?: Both<Readonly<Record<'min' | 'max', string | null>>>
  readonly newValues?: Counts
  readonly goneValues?: Counts
  readonly shares?: readonly { readonly value: string; readonly from: number; readonly to: number }[]
  readonly withTarget?: Both<number | null>
}

type Duplicates = {
  readonly keys: number
  readonly rows: number
  readonly examples: readonly (readonly string[])[]
}
type Example = readonly { readonly column: string; readonly value: string | null }[]

export interface KeyedResult {
  readonly keys: readonly string[]
  readonly added: number
  readonly removed: number
  readonly changed: number
  readonly unchanged: number
  readonly duplicates: Both<Duplicates>
  readonly withoutKey: Both<number>
  readonly changes: readonly { readonly column: string; readonly rows: number }[]
  readonly examples: {
    readonly added: readonly Example[]
    readonly removed: readonly Example[]
    readonly changed: readonly {
      readonly key: readonly string[]
      readonly changes: readonly {
        readonly column: string
        readonly from: string | null
        readonly to: string | null
      }[]
    }[]
  }
}
