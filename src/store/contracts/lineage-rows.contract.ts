import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Store } from '../database.ts'
import type { ResourceRow } from '../kernel-tables.ts'
import {
  aliveNode,
  buryNode,
  edgesOf,
  endEdges,
  ensureEdge,
  ensureNode,
  isBackfilled,
  markBackfilled,
  nodesAtPlaces,
  readNodes,
} from '../lineage-rows.ts'
import { insertRow } from '../resource-rows.ts'

/** What every store promises of lineage: nodes that outlive their resources, and edges that are written once. */
export function lineageRowsContract(store: Store): void {
  describe(`lineage in ${store.dialect}`, () => {
    const { db } = store
    const node = (key: string, more: { scope?: string; place?: string } = {}) =>
      ensureNode(db, { scope: 'w', key, id: key.toUpperCase(), type: 'workspaces/data/versions', ...more })
    const row = (key: string, more: Partial<ResourceRow> = {}): ResourceRow => ({
      key,
      id: key.toUpperCase(),
      type: 'workspaces/data/versions',
      name: key,
      parent: '',
      scope: 'w',
      envelope: '{}',
      properties: '{"displayName":"late flights"}',
      status: '{}',
      etag: 'e',
      generation: 1,
      archived: 0,
      deleting: 0,
      created_at: 7,
      created_by: 'ada',
      created_by_type: 'User',
      modified_at: 7,
      modified_by: 'ada',
      modified_by_type: 'User',
      ...more,
    })
    const at = async (...places: string[]) => (await nodesAtPlaces(db, 'w', places)).map((n) => n.node)
    beforeEach(async () => {
      for (const table of ['lineage_edges', 'lineage_nodes', 'lineage_backfills', 'resources'] as const)
        await db.deleteFrom(table).execute()
    })

    test('a node is made once, and keeps the first place it is given', async () => {
      const a = await node('a')
      assert.equal(await node('a', { place: 'p' }), a)
      assert.equal(await node('a', { place: 'q' }), a)
      assert.deepEqual(await at('p'), [a])
      assert.deepEqual(await at('q'), [])
      assert.deepEqual(await nodesAtPlaces(db, 'other', ['p']), [])
      await node('b')
      assert.deepEqual(await at(''), [], 'what has no place is nowhere')
    })

    test('of what is at one place or at several, the one made last comes first', async () => {
      const a = await node('a', { place: 'p' })
      const b = await node('b', { place: 'p' })
      const c = await node('c', { place: 'p/q' })
      assert.deepEqual(await at('p'), [b, a])
      assert.deepEqual(await at('p', 'p/q', 'r'), [c, b, a])
    })

    test('an edge is written once and keeps its first time; one that had ended begins anew', async () => {
      const edge = { source: await node('a'), target: await node('b'), kind: 'deployed', name: 'model' }
      await ensureEdge(db, { ...edge, at: 10 })
      await ensureEdge(db, { ...edge, at: 20 })
      const times = async () => (await edgesOf(db, [edge.source], 'down', 10)).map((e) => [e.at, e.ended_at])
      assert.deepEqual(await times(), [[10, 0]])
      await endEdges(db, { target: edge.target, kind: 'read', except: [], at: 30 })
      await endEdges(db, { target: edge.target, kind: 'deployed', except: [edge.source], at: 30 })
      assert.deepEqual(await times(), [[10, 0]], 'neither of another kind nor one that is excepted')
      await endEdges(db, { target: edge.target, kind: 'deployed', except: [], at: 30 })
      assert.deepEqual(await times(), [[10, 30]])
      await ensureEdge(db, { ...edge, at: 40 })
      assert.deepEqual(await times(), [[40, 0]])
    })

    test('edges are found from both ends, newest first, as many as asked', async () => {
      const [a, b, c] = [await node('a'), await node('b'), await node('c')]
      await ensureEdge(db, { source: a, target: b, kind: 'read', name: 'x', at: 1 })
      await ensureEdge(db, { source: a, target: c, kind: 'read', name: 'x', at: 2 })
      await ensureEdge(db, { source: b, target: c, kind: 'wrote', name: 'y', at: 3 })
      const names = async (...asked: Parameters<typeof edgesOf> extends [unknown, ...infer R] ? R : never) =>
        (await edgesOf(db, ...asked)).map((e) => [e.source, e.target])
      assert.deepEqual(await names([a], 'down', 10), [
        [a, c],
        [a, b],
      ])
      assert.deepEqual(await names([c], 'up', 10), [
        [b, c],
        [a, c],
      ])
      assert.deepEqual(await names([a], 'down', 1), [[a, c]])
      assert.deepEqual(await names([a], 'up', 10), [])
      const many = [...Array.from({ length: 1000 }, (_, i) => 1_000_000 + i), a]
      assert.equal((await names(many, 'down', 10)).length, 2, 'more nodes than one statement takes')
    })

    test('a deleted resource leaves its name, and what is made under it later is another node', async () => {
      await insertRow(db, row('a'))
      const [a, b] = [await node('a', { place: 'p' }), await node('b')]
      await ensureEdge(db, { source: a, target: b, kind: 'read', name: 'x', at: 1 })
      assert.equal((await readNodes(db, [a]))[0]?.resource?.name, 'a')
      await buryNode(db, row('a'), 50)
      const [buried] = await readNodes(db, [a])
      assert.equal(buried?.resource, undefined)
      assert.deepEqual(
        [
          buried?.node.id,
          buried?.node.title,
          buried?.node.created_at,
          buried?.node.created_by,
          buried?.node.deleted_at,
        ],
        ['A', 'late flights', 7, 'ada', 50],
      )
      assert.equal(await aliveNode(db, 'a'), undefined)
      assert.deepEqual(await at('p'), [])
      const again = await node('a')
      assert.notEqual(again, a)
      assert.equal((await aliveNode(db, 'a'))?.node, again)
      assert.deepEqual(await edgesOf(db, [again], 'down', 10), [])
      assert.equal((await edgesOf(db, [a], 'down', 10)).length, 1)
      await buryNode(db, row('a'), 50)
      assert.equal((await readNodes(db, [a, again])).length, 2, 'twice in the same millisecond')
    })

    test('the lineage of a workspace goes with it, and no other', async () => {
      const [a, b] = [await node('a'), await node('b')]
      const [c, d] = [await node('c', { scope: 'v' }), await node('d', { scope: 'v' })]
      await ensureEdge(db, { source: a, target: b, kind: 'read', name: '', at: 1 })
      await ensureEdge(db, { source: c, target: d, kind: 'read', name: '', at: 1 })
      await buryNode(db, row('w', { type: 'workspaces', scope: 'w' }), 9)
      assert.deepEqual(await readNodes(db, [a, b]), [])
      assert.deepEqual(await edgesOf(db, [a], 'down', 10), [])
      assert.equal((await edgesOf(db, [c], 'down', 10)).length, 1)
    })

    test('a backfill is remembered', async () => {
      assert.equal(await isBackfilled(db, 'training'), false)
      await markBackfilled(db, 'training', 1)
      await markBackfilled(db, 'training', 2)
      assert.equal(await isBackfilled(db, 'training'), true)
    })
  })
}
