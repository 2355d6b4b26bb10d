import { execFileSync } from 'node:child_process'
import { shown, type Figure } from './figures.ts'
import { json } from './load.ts'
import { median } from './processes.ts'
import { program, type Server } from './servers.ts'

const workspace =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twinloop/providers/Microsoft.MachineLearningServices/workspaces/dev'

/** How long the command line takes from the start of its process to its end. */
export function measureCommandLine(server: Server & { readonly home: string }, times: number): Figure[] {
  const timed = (args: readonly string[]) => {
    const started = performance.now()
    execFileSync(process.execPath, [program, ...args], {
      env: { ...process.env, TWINLOOP_HOME: server.home },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return performance.now() - started
  }
  return [['--help'], ['job', 'list']].map((args) => {
    timed(args)
    const all = Array.from({ length: times }, () => timed(args))
    return {
      server: server.name,
      what: `\`twinloop ${args.join(' ')}\``,
      text: `**${shown(median(all))} ms** (best ${shown(Math.min(...all))}), of ${times}`,
    }
  })
}

export function measureMemory(server: Server, what: string): Figure {
  const { processes, mib } = server.memory()
  return {
    server: server.name,
    what,
    text: `**${shown(mib)} MiB** in ${processes} process${processes === 1 ? '' : 'es'}`,
  }
}

/** Memory once there is an endpoint, for which the scoring gateway runs. */
export async function measureWithGateway(server: Server): Promise<Figure> {
  const id = `${workspace}/onlineEndpoints/bench`
  await json(server, 'PUT', id, { location: 'local', properties: { authMode: 'Key' } })
  const events = await fetch(`${server.url}${workspace}/providers/Twinloop/events?after=0`, {
    headers: server.headers,
  })
  for await (const _ of events.body ?? []) {
    const { properties } = await json<{ properties: { provisioningState: string } }>(server, 'GET', id)
    if (properties.provisioningState === 'Succeeded') break
  }
  return measureMemory(server, 'memory with the scoring gateway up')
}
