import type { Generated } from 'kysely'

/** What came of what: a graph whose nodes are resources, runs and places of bytes. Times are milliseconds since 1970. */
export interface LineageTables {
  lineage_nodes: LineageNodeRow
  lineage_edges: LineageEdgeRow
  /** Parts of the house that have told of what was there before there was a graph. */
  lineage_backfills: { name: string; at: number }
}

export interface LineageNodeRow {
  node: Generated<number>
  /** Key of the workspace. */
  scope: string
  /** Key of the resource, or of a place; one that was deleted and made again is another node under the same key. */
  key: string
  /** The id or URI as it is shown. */
  id: string
  /** ARM type of a resource (a run that is no job has a job's), or `place`. */
  type: string
  /** URI at which an asset's bytes are, or which a place is; '' for what has none. */
  place: string
  /** Of a deleted resource, what would else be forgotten; '' and 0 before. */
  title: string
  created_at: number
  created_by: string
  /** 0 while the resource is there. */
  deleted_at: number
}

export interface LineageEdgeRow {
  /** The node that was there first. */
  source: number
  /** The node that came of it. */
  target: number
  kind: string
  /** Name of the input or output; '' if it has none. */
  name: string
  at: number
  /** When it ceased to be so (a deployment was given another model); 0 while it is. */
  ended_at: number
}
