import { inRegistry } from '../../client/registry.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command, Flags } from '../../define-command.ts'
import { markOutput } from '../../io.ts'
import type { Io } from '../../io.ts'
import { encode, labelFlag, nameFlag, registryFlags, versionFlag, versionOf } from '../verbs.ts'
import type { Noun } from '../verbs.ts'
import type { Trace } from './trace.ts'
import type { TreeLine } from './tree.ts'

const flags = {
  direction: {
    type: 'text',
    choices: ['up', 'down', 'both'],
    summary: 'up: what it came of; down: what came of it. Default both.',
  },
  depth: { type: 'integer', placeholder: 'N', summary: 'How many steps away. Default 20.' },
  output: {
    type: 'text',
    short: 'o',
    placeholder: 'FORMAT',
    choices: ['tree', 'mermaid', 'dot', 'json', 'jsonc', 'yaml', 'yamlc', 'table', 'tsv', 'none'],
    summary: 'How the result is printed: a tree (default), a diagram for Mermaid or Graphviz, or data.',
  },
} as const satisfies Flags

const endpointFlag = {
  type: 'text',
  short: 'e',
  aliases: ['endpoint'],
  placeholder: 'NAME',
  required: true,
  summary: 'Its endpoint.',
} as const

interface Given {
  readonly name: string
  readonly version?: string
  readonly label?: string
  readonly endpointName?: string
  readonly registryName?: string
  readonly direction?: 'up' | 'down' | 'both'
  readonly depth?: number
  readonly output?: string
  readonly query?: string
}

/** `{noun} lineage`: what a thing came of, and what came of it. */
export function lineageCommand(noun: Noun): Command {
  const ofEndpoint = noun.noun === 'online-deployment'
  const line = `twinloop ${noun.noun} lineage -n ${noun.example}${noun.versioned === true ? ' -v 1' : ''}${ofEndpoint ? ' -e taxi-fare' : ''}`
  return defineCommand({
    noun: noun.noun,
    verb: 'lineage',
    summary: 'Shows what it came of, and what came of it: data, jobs, models, endpoints.',
    flags: {
      name: nameFlag,
      ...(noun.versioned === true ? { version: versionFlag, label: labelFlag } : {}),
      ...registryFlags(noun),
      ...(ofEndpoint ? { endpointName: endpointFlag } : {}),
      ...flags,
    },
    table: { Relation: 'kind', Name: 'name', From: 'from', To: 'to', At: 'at' },
    examples: [line, `${line} --direction up --output mermaid`],
    async run({ flags: given, io, client }) {
      const { name, version, label, endpointName, registryName, ...rest } = given as unknown as Given
      const api = await inRegistry(client, registryName)
      const above = endpointName === undefined ? '' : `/onlineEndpoints/${encode(endpointName)}`
      let path = `${above}/${noun.type}/${encode(name)}`
      if (noun.versioned === true)
        path += `/versions/${encode(version ?? (await versionOf(api, noun, name, label ?? 'latest')))}`
      const direction = rest.direction ?? 'both'
      const trace = await api.post<Trace>(`${path}/lineage`, {
        direction,
        ...(rest.depth === undefined ? {} : { depth: rest.depth }),
      })
      tellWhatIsLeftOut(trace, io)
      return show(trace, io, rest)
    },
  })
}

/** Prints what is not data, and returns what is. */
async function show(
  trace: Trace,
  io: Io,
  { direction = 'both', output, query }: Omit<Given, 'name'>,
): Promise<unknown> {
  const format = query === undefined ? (output ?? 'tree') : 'data'
  if (format === 'tree') {
    const { renderTree, treeOf } = await import('./tree.ts')
    const styles = { plain: undefined, heading: 'bold', over: 'dim', bad: 'red' } as const
    const mark = (style: TreeLine['style'], text: string) => markOutput(io, styles[style], text)
    io.stdout(renderTree(treeOf(trace, direction === 'both' ? ['up', 'down'] : [direction]), mark))
    return undefined
  }
  if (format === 'mermaid' || format === 'dot') {
    const diagrams = await import('./diagrams.ts')
    io.stdout(diagrams[format](trace))
    return undefined
  }
  if (format === 'table' || format === 'tsv') return trace.edges
  return (await import('../../present/present.ts')).snakeKeys(trace)
}

function tellWhatIsLeftOut({ truncated, withheld }: Trace, io: Io): void {
  if (truncated) io.stderr('there is more: --depth N goes further, --direction up or down goes one way\n')
  if (withheld > 0) io.stderr(`${withheld} more that you may not read\n`)
}
