import type { Generated } from 'kysely'

/** Tables that the kernel stands on. Times are milliseconds since 1970; JSON is text. */
export interface KernelTables {
  resources: ResourceRow
  outbox: {
    seq: Generated<number>
    id: string
    type: string
    source: string
    subject: string
    time: number
    data: string
  }
  event_cursors: { consumer: string; seq: number }
  work: WorkRow
  principals: {
    id: string
    name: string
    kind: string
    disabled: number
    created_at: number
  }
  tokens: {
    /** SHA-256 of the token, hex: the token itself is never stored. */
    hash: string
    principal_id: string
    purpose: string
    /** Resource id (lower case) that the token is confined to, or ''. */
    scope: string
    created_at: number
    expires_at: number | null
    /** About when it was used last; null if it never was. */
    last_used_at: Generated<number | null>
  }
  audit: {
    seq: Generated<number>
    time: number
    actor: string
    operation: string
    resource: string
    status: number
    request_id: string
    detail: string
  }
  secrets: { name: string; value: string; modified_at: number }
}

export interface ResourceRow {
  /** The id in lower case: ids are compared without case. */
  key: string
  /** The id as it is shown. */
  id: string
  type: string
  name: string
  parent: string
  /** Key of the workspace or registry it belongs to, or '' above those. */
  scope: string
  envelope: string
  properties: string
  status: string
  etag: string
  generation: number
  archived: number
  deleting: number
  created_at: number
  created_by: string
  created_by_type: string
  modified_at: number
  modified_by: string
  modified_by_type: string
}

export interface WorkRow {
  reconciler: string
  key: string
  due_at: number
  /** Raised by every write of the resource: a step that started before is not the last one. */
  revision: number
  attempts: number
  leased_by: string
  leased_until: number
  last_error: string
}
