import { rate, type Figure } from './figures.ts'
import { json } from './load.ts'
import type { Server } from './servers.ts'

const workspace =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twinloop/providers/Microsoft.MachineLearningServices/workspaces/dev'
const path = (name: string) => `${workspace}/computes/${name}?api-version=2025-12-01`
const compute = (nodes: number) => ({
  location: 'local',
  properties: {
    computeType: 'AmlCompute',
    properties: { vmSize: 'S', scaleSettings: { minNodeCount: 0, maxNodeCount: nodes } },
  },
})

/** Reads and writes of one kind of resource through the REST surface. */
export async function measureControl(server: Server, seconds: number): Promise<Figure[]> {
  const { headers } = server
  const put = (name: string, nodes: number) => ({
    method: 'PUT',
    path: path(name),
    headers,
    body: JSON.stringify(compute(nodes)),
  })
  await json(server, 'PUT', path('bench'), compute(1))
  const figures: Figure[] = []
  for (const connections of [1, 16]) {
    const calls = {
      'GET a resource': () => ({ method: 'GET', path: path('bench'), headers }),
      'PUT a new resource': (i: number) => put(`b${connections}-${i}`, 4),
      'PUT, each to a resource of its own, changed': (i: number) => put(`b${connections}-${i % 16}`, i),
    }
    for (const [what, call] of Object.entries(calls))
      figures.push(await rate(server, what, call, { connections, seconds }))
  }
  return figures
}
