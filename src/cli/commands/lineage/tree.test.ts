import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { dot, mermaid } from './diagrams.ts'
import type { Trace, TraceEdge, TraceNode } from './trace.ts'
import { renderTree, treeOf, type Direction } from './tree.ts'

const at = '2013-02-01T09:00:00.000Z'
const later = '2013-02-02T09:00:00.000Z'
const data = (name: string, more: Partial<TraceNode> = {}): TraceNode => ({
  id: name,
  type: 'workspaces/data/versions',
  name,
  version: '1',
  createdAt: at,
  createdBy: 'ada',
  ...more,
})
const job = (name: string, more: Partial<TraceNode> = {}): TraceNode => ({
  id: name,
  type: 'workspaces/jobs',
  name,
  state: 'Completed',
  createdAt: at,
  createdBy: 'ada',
  ...more,
})
const place = (path: string): TraceNode => ({
  id: path,
  type: 'place',
  name: `azureml://datastores/workspaceblobstore/paths/${path}`,
})
const edge = (text: string, more: Partial<TraceEdge> = {}): TraceEdge => {
  const [, from = '', kind = '', name, to = ''] = /^(\S+) (\w+)(?:\((\w+)\))? (\S+)$/.exec(text) ?? []
  return { from, to, kind, ...(name === undefined ? {} : { name }), at, ...more }
}

const trace = (root: string, nodes: readonly TraceNode[], edges: readonly TraceEdge[]): Trace => ({
  root,
  nodes,
  edges,
  truncated: false,
  withheld: 0,
})

/** The tree, with only labels and relations. */
const drawn = (of: Trace, ...directions: readonly Direction[]) =>
  treeOf(of, directions)
    .map(({ cells }) => [cells[0], cells[3]].filter(Boolean).join(' | '))
    .join('\n')

const flow = trace(
  'model',
  [
    data('jan'),
    data('feb'),
    job('prepare', { pipeline: 'plucky' }),
    place('azureml/prepare/clean'),
    job('train', { pipeline: 'plucky' }),
    data('model', { type: 'workspaces/models/versions' }),
    {
      id: 'blue',
      type: 'workspaces/onlineEndpoints/deployments',
      name: 'blue',
      endpoint: 'late',
      state: 'Succeeded',
    },
    { id: 'late', type: 'workspaces/onlineEndpoints', name: 'late', state: 'Succeeded' },
  ],
  [
    edge('jan read(a) prepare'),
    edge('feb read(b) prepare'),
    edge('prepare wrote(clean) azureml/prepare/clean'),
    edge('azureml/prepare/clean read(table) train'),
    edge('train registered model'),
    edge('model deployed blue', { until: later }),
    edge('blue serves late'),
  ],
)

describe('a tree of lineage', () => {
  test('goes up and down from its root, with columns; what lies between two jobs is no line', () => {
    assert.equal(
      renderTree(treeOf(flow, ['up', 'down']), (_, text) => text),
      `model:1         model                                                    2013-02-01 09:00  ada

came of
└─ train        job         Completed  registered                        2013-02-01 09:00       step of plucky
   └─ prepare   job         Completed  wrote clean, read table           2013-02-01 09:00       step of plucky
      ├─ feb:1  data                   read b                            2013-02-01 09:00  ada
      └─ jan:1  data                   read a                            2013-02-01 09:00  ada

what came of it
└─ blue         deployment  Succeeded  deployed, until 2013-02-02 09:00                         of late
   └─ late      endpoint    Succeeded  serves
`,
    )
  })

  test('says that there is nothing', () =>
    assert.equal(
      drawn(trace('x', [data('x')], []), 'up', 'down'),
      'x:1\n\ncame of: nothing\n\nwhat came of it: nothing',
    ))

  test('follows once what is there twice, and circles end', () => {
    const of = trace(
      'x',
      [data('x'), job('a'), job('b'), data('y'), data('z')],
      [
        edge('x read(i) a'),
        edge('x read(i) b'),
        edge('a wrote(o) y'),
        edge('b wrote(o) y'),
        edge('y read(i) a'),
        edge('y read(j) b'),
        edge('b wrote(p) z'),
      ],
    )
    assert.equal(
      drawn(of, 'down'),
      `x:1

what came of it
├─ a | read i
│  └─ y:1 | wrote o
│     ├─ a | read i (see above)
│     └─ b | read j
│        ├─ y:1 | wrote o (see above)
│        └─ z:1 | wrote p
└─ b | read i (see above)`,
    )
  })

  test('a place that nobody reads is shown, and a place at the root', () => {
    const of = trace('a', [job('a'), place('p')], [edge('a wrote(o) p')])
    assert.equal(drawn(of, 'down'), 'a\n\nwhat came of it\n└─ workspaceblobstore/p | wrote o')
    assert.equal(drawn({ ...of, root: 'p' }, 'up'), 'workspaceblobstore/p\n\ncame of\n└─ a | wrote o')
  })

  test('where its bytes lie is told of an asset only if nothing else is known', () => {
    const of = trace(
      'x',
      [data('x'), place('imports/x'), { id: 'pg', type: 'workspaces/connections', name: 'pg' }],
      [edge('imports/x registered x'), edge('pg imported x')],
    )
    assert.equal(drawn(of, 'up'), 'x:1\n\ncame of\n└─ pg | imported')
    assert.equal(
      drawn({ ...of, edges: of.edges.slice(0, 1) }, 'up'),
      'x:1\n\ncame of\n└─ workspaceblobstore/imports/x | registered',
    )
  })

  test('a pipeline is not told of beside its step, nor a step beside that which it came of', () => {
    const of = trace(
      'x',
      [data('x'), job('pipe'), job('one'), job('two'), place('p')],
      [
        edge('x read(in) pipe'),
        edge('x read(in) one'),
        edge('pipe ran(one) one'),
        edge('pipe ran(two) two'),
        edge('one wrote(o) p'),
        edge('p read(i) two'),
      ],
    )
    assert.equal(drawn(of, 'down'), 'x:1\n\nwhat came of it\n└─ one | read in\n   └─ two | wrote o, read i')
    assert.equal(
      drawn({ ...of, root: 'pipe' }, 'up', 'down'),
      'pipe\n\ncame of\n└─ x:1 | read in\n\nwhat came of it\n└─ one | ran\n   └─ two | wrote o, read i',
    )
  })

  test('what is over or went wrong is marked', () => {
    const of = trace(
      'x',
      [data('x'), job('bad', { state: 'Failed' }), data('gone', { deletedAt: later, state: 'Deleted' })],
      [edge('gone read x'), edge('bad wrote x')],
    )
    assert.deepEqual(
      treeOf(of, ['up'])
        .slice(3)
        .map((l) => l.style),
      ['bad', 'over'],
    )
  })
})

describe('diagrams of lineage', () => {
  const hostile = trace('a', [data('a'), job('b', { displayName: 'x"]; end\\ <b>' })], [edge('a read(i) b')])
  test('for Mermaid, hostile names disarmed', () =>
    assert.equal(
      mermaid(hostile),
      `flowchart LR
  n0["a:1<br/>data"]
  n1("x#34;]#59; end#92; #60;b#62;<br/>job")
  n0 -->|"read i"| n1
  style n0 stroke-width:3px
`,
    ))
  test('for Graphviz', () =>
    assert.equal(
      dot(hostile),
      `digraph lineage {
  rankdir=LR
  "a" [label="a:1\\ndata", shape=box, penwidth=2]
  "b" [label="x\\"]; end\\\\ <b>\\njob", shape=ellipse]
  "a" -> "b" [label="read i"]
}
`,
    ))
})
