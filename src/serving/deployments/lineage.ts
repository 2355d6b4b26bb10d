import { endLineage, recordLineage, type LineageEdge } from '../../data/lineage/record.ts'
import { parentId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Db } from '../../store/database.ts'

/** Writes which model a deployment has from now on, and that the one before has gone from it. */
export async function recordDeployed(
  db: Db,
  { id, model }: { readonly id: string; readonly model: string | undefined },
  at: number,
): Promise<void> {
  const workspace = scopeId(id) ?? ''
  const from = model === undefined ? [] : [model]
  const edges: readonly LineageEdge[] = [
    ...from.map((one) => ({ from: one, to: id, kind: 'deployed' }) as const),
    { from: id, to: parentId(id), kind: 'serves' },
  ]
  await recordLineage(db, workspace, edges, at)
  await endLineage(db, workspace, { to: id, kind: 'deployed', from }, at)
}

/** Writes what data a deployment's requests have become. */
export async function recordCollectedData(
  db: Db,
  id: string,
  assets: Readonly<Record<string, string>>,
  at: number,
): Promise<void> {
  const edges = Object.entries(assets).map(
    ([name, asset]) => ({ from: id, to: asset, kind: 'wrote', name }) as const,
  )
  await recordLineage(db, scopeId(id) ?? '', edges, at)
}

/** The same of a deployment that was there before there was lineage. */
export const tellOfDeployment = (db: Db, { id, properties, createdAt }: Resource): Promise<void> =>
  recordDeployed(db, { id, model: properties['model'] as string | undefined }, createdAt.getTime())
