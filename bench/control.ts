import { load } from './load.ts'
import type { Server } from './servers.ts'
import type { Figure } from './tracking.ts'

const workspace =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twinloop/providers/Microsoft.MachineLearningServices/workspaces/dev'

/** Reads and writes of one kind of resource through the REST surface. */
export async function measureControl(server: Server, seconds: number): Promise<Figure[]> {
  const path = (name: string) => `${workspace}/computes/${name}?api-version=2025-12-01`
  const put = (name: string, nodes: number) => ({
    method: 'PUT',
    path: path(name),
    headers: server.headers,
    body: JSON.stringify({
      location: 'local',
      properties: {
        computeType: 'AmlCompute',
        properties: { vmSize: 'S', scaleSettings: { minNodeCount: 0, maxNodeCount: nodes } },
      },
    }),
  })
  const figures: Figure[] = []
  for (const connections of [1, 16]) {
    const calls = {
      'GET a resource': () => ({ method: 'GET', path: path('bench'), headers: server.headers }),
      'PUT a new resource': (i: number) => put(`b${connections}-${i}`, 4),
      'PUT a changed resource': (i: number) => put('bench', i + 1),
    }
    await load(server.url, () => put('bench', 1), { connections: 1, seconds: 0.1 })
    for (const [what, call] of Object.entries(calls)) {
      const result = await load(server.url, call, { connections, seconds })
      figures.push({
        server: server.name,
        what: `${what}, ${connections} connection(s)`,
        value: result.perSecond,
        unit: '1/s',
        detail: `p50 ${result.p50.toFixed(2)} ms, p99 ${result.p99.toFixed(2)} ms${result.errors > 0 ? `, ${result.errors} errors` : ''}`,
      })
    }
  }
  return figures
}
