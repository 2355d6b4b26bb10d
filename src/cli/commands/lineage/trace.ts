/** A node as `POST …/lineage` answers it. */
export interface TraceNode {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly version?: string
  readonly displayName?: string
  readonly endpoint?: string
  readonly pipeline?: string
  readonly state?: string
  readonly createdAt?: string
  readonly createdBy?: string
  readonly deletedAt?: string
}

export interface TraceEdge {
  readonly from: string
  readonly to: string
  readonly kind: string
  readonly name?: string
  readonly at: string
  readonly until?: string
}

/** The answer: a graph around `root`. */
export interface Trace {
  readonly root: string
  readonly nodes: readonly TraceNode[]
  readonly edges: readonly TraceEdge[]
  readonly truncated: boolean
  readonly withheld: number
}

/** What a node is called where people read it: `flights:3`, a step by its own name, a place without its scheme. */
export function labelOf(node: TraceNode): string {
  if (node.type === 'place') return node.name.replace(/^azureml:\/\/datastores\/([^/]+)\/paths\//, '$1/')
  if (node.version !== undefined) return `${node.name}:${node.version}`
  return node.displayName ?? node.name
}

const nouns: Readonly<Record<string, string>> = {
  'workspaces/data/versions': 'data',
  'workspaces/models/versions': 'model',
  'workspaces/jobs': 'job',
  'workspaces/onlineEndpoints': 'endpoint',
  'workspaces/onlineEndpoints/deployments': 'deployment',
  'workspaces/batchEndpoints': 'batch endpoint',
  'workspaces/batchEndpoints/deployments': 'batch deployment',
  'workspaces/connections': 'connection',
}

/** The word for what kind of thing a node is. */
export const nounOf = (node: TraceNode): string =>
  node.type === 'place'
    ? nounOfPlace(node.name)
    : (nouns[node.type.replace(/^registries/, 'workspaces')] ?? node.type.split('/').at(-1) ?? '')

const nounOfPlace = (name: string) =>
  name.startsWith('models:/') ? 'logged model' : name.startsWith('dataset:/') ? 'dataset' : 'path'

/** How one came of the other: `read jan`, `wrote scores`, `deployed, until 2013-02-01 09:00`. */
export const relationOf = (edge: TraceEdge): string => relationsOf([edge])

/** The same of several edges between the same two, by what they have in common: `read jan, feb`. */
export function relationsOf(edges: readonly TraceEdge[]): string {
  const ways = Map.groupBy(edges, ({ kind, until }) => `${kind} ${until ?? ''}`)
  return [...ways.values()]
    .map((same) => {
      const { kind = '', until } = same[0] ?? {}
      const names = kind === 'ran' ? [] : same.flatMap(({ name }) => name ?? [])
      const named = [kind, [...new Set(names)].join(', ')].filter(Boolean).join(' ')
      return until === undefined ? named : `${named}, until ${minute(until)}`
    })
    .join(', ')
}

/** `2013-02-01 09:00`, in UTC. */
export const minute = (time: string): string => time.slice(0, 16).replace('T', ' ')
