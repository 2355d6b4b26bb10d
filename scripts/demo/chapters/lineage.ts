import type { Twinloop } from '../server/twinloop.ts'

/** What is read of `twinloop model lineage --output json`. */
interface Trace {
  readonly root: string
  readonly nodes: readonly Node[]
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

interface Node {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly version?: string
  readonly display_name?: string
}

/** A model read back to its data: `flight-delay:1 ← train ← prepare ← flights:1, flights:2, flights:3`. */
export async function lineage(twinloop: Twinloop, model: string): Promise<string> {
  const [name = '', version = ''] = model.split(':')
  const line = ['--name', name, '--version', version, '--direction', 'up', '--output', 'json'] as const
  const { root, nodes, edges } = JSON.parse(await twinloop.command('model', 'lineage', ...line)) as Trace
  const steps: string[] = []
  for (let ids = [root]; ids.length > 0;) {
    // What lies between two jobs is where, not what.
    const found = nodes.filter(({ id, type }) => ids.includes(id) && type !== 'place')
    if (found.length > 0) steps.push(found.map(label).sort().join(', '))
    ids = edges.filter(({ to }) => ids.includes(to)).map(({ from }) => from)
  }
  return steps.join(' ← ')
}

const label = ({ name, version, display_name: title }: Node): string =>
  version === undefined ? (title ?? name) : `${name}:${version}`
