import type { PipelineNode } from '../../api/jobs.ts'

const source = /\$\{\{\s*parent\.jobs\.([^.\s}]+)\.outputs\.([^.\s}]+)\s*\}\}/g

/** Which step takes what of which other: read from the bindings of their inputs. One edge for each pair. */
export function edgesOf(
  nodes: Readonly<Record<string, PipelineNode>>,
): readonly { readonly from: string; readonly to: string; readonly label: string }[] {
  const outputs = new Map<string, { from: string; to: string; names: Set<string> }>()
  for (const [to, { inputs = {} }] of Object.entries(nodes))
    for (const [, from = '', name = ''] of JSON.stringify(inputs).matchAll(source)) {
      const edge = outputs.get(`${from} ${to}`) ?? { from, to, names: new Set<string>() }
      edge.names.add(name)
      outputs.set(`${from} ${to}`, edge)
    }
  return [...outputs.values()].map(({ from, to, names }) => ({ from, to, label: [...names].join(', ') }))
}
