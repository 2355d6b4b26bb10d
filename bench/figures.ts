import { load, type Call, type LoadOptions } from './load.ts'
import type { Server } from './servers.ts'

/** One figure of one server: a row of the table, in the server's column. */
export interface Figure {
  readonly server: string
  readonly what: string
  readonly text: string
}

export const shown = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 3 })

/**
 * Puts a load on a server: what it did per second (`each` things in a request), latency, and how much processor time
 * the server took for a request, which other work on the machine disturbs least.
 */
export async function rate(
  server: Server,
  what: string,
  call: (i: number) => Call,
  options: LoadOptions & { readonly each?: number },
): Promise<Figure> {
  const before = server.cpuMs()
  const { perSecond, p50, p99, sent, errors } = await load(server.url, call, options)
  const cpu = (server.cpuMs() - before) / sent
  const failed = errors > 0 ? `, ${errors} of ${sent} failed` : ''
  return {
    server: server.name,
    what: `${what}, ${options.connections} connection${options.connections === 1 ? '' : 's'}`,
    text: `**${shown(perSecond * (options.each ?? 1))}/s**, p50 ${shown(p50)} ms, p99 ${shown(p99)} ms, CPU ${shown(cpu)} ms${failed}`,
  }
}

/** The table: a row for each measure in the order they were first taken, a column for each server. */
export function table(figures: readonly Figure[]): string {
  const servers = [...new Set(figures.map((f) => f.server))]
  const rows = [...Map.groupBy(figures, (f) => f.what)].map(([what, ofRow]) => {
    const cells = servers.map((server) => ofRow.find((f) => f.server === server)?.text ?? '')
    return `| ${[what, ...cells].join(' | ')} |`
  })
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(['', ...servers]), line(['---', ...servers.map(() => '---')]), ...rows].join('\n')
}
