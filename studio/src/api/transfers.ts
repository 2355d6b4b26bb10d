import { respond } from './call.ts'
import type { Resource } from './resource.ts'

interface Progress {
  readonly rows: number
  readonly bytes: number
  readonly totalRows?: number
}

/** An import or an export of data: what both say of how they go, and what either asks for. */
export interface TransferProperties {
  readonly status: string
  readonly progress: Progress
  readonly startTime?: string
  readonly endTime?: string
  readonly error?: { readonly message: string }
  readonly warnings?: readonly string[]
  readonly assetId?: string
  /** Of an import. */
  readonly assetName?: string
  readonly incremental?: { readonly column: string } | null
  readonly watermark?: string
  /** Where an import reads (an object), or what an export reads (a reference). */
  readonly source?:
    | string
    | {
        readonly sourceType: string
        readonly connection?: string
        readonly query?: string
        readonly path?: string
      }
  /** Of an export. */
  readonly target?: {
    readonly targetType: string
    readonly connection?: string
    readonly table?: string
    readonly path?: string
  }
  readonly mode?: string
}
export type Transfer = Resource<TransferProperties>

export const cancelTransfer = (id: string) => respond(`${id}/cancel`, { method: 'POST', body: {} })

export const isImport = ({ id }: Pick<Transfer, 'id'>) => /\/dataImports\//i.test(id)
