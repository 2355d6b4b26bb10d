import type { Server } from './servers.ts'
import type { Figure } from './tracking.ts'

const workspace =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twinloop/providers/Microsoft.MachineLearningServices/workspaces/dev'
const steps = 10

/**
 * The overhead of a warm pipeline step: a chain of steps that do nothing, in an environment that is built, divided by
 * their number. Reuse is off, so each step runs.
 */
export async function measureStep(server: Server): Promise<Figure[]> {
  const rest = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${server.url}${workspace}${path}`, {
      method,
      headers: { ...server.headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as { properties: { status: string }; id: string }
  }
  const environment = await rest('PUT', '/environments/bench/versions/1', {
    properties: { image: 'none', condaFile: 'dependencies: [python, {pip: [six]}]' },
  })
  const component = await rest('PUT', '/components/noop/versions/1', {
    properties: {
      componentSpec: {
        type: 'command',
        name: 'noop',
        version: '1',
        command: 'true ${{inputs.after}}',
        environment: `azureml:${environment.id}`,
        inputs: { after: { type: 'uri_folder', optional: true } },
        outputs: { done: { type: 'uri_folder' } },
      },
    },
  })
  const job = (name: string, count: number) => ({
    properties: {
      jobType: 'Pipeline',
      displayName: name,
      experimentName: 'bench',
      settings: { force_rerun: true },
      jobs: Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          `s${i}`,
          {
            name: `s${i}`,
            type: 'command',
            componentId: component.id,
            inputs:
              i === 0
                ? {}
                : { after: { job_input_type: 'literal', value: `\${{parent.jobs.s${i - 1}.outputs.done}}` } },
          },
        ]),
      ),
    },
  })
  const run = async (name: string, count: number): Promise<number> => {
    const events = await fetch(`${server.url}${workspace}/providers/Twinloop/events`, {
      headers: server.headers,
    })
    const started = performance.now()
    await rest('PUT', `/jobs/${name}`, job(name, count))
    for await (const _ of events.body ?? []) {
      const { status } = (await rest('GET', `/jobs/${name}`)).properties
      if (status === 'Failed' || status === 'Canceled') throw new Error(`the pipeline ended ${status}`)
      if (status === 'Completed') break
    }
    return performance.now() - started
  }
  await run('bench_warm', 1)
  const total = await run('bench_chain', steps)
  return [
    {
      server: server.name,
      what: 'overhead of a warm no-op pipeline step',
      value: total / steps,
      unit: 'ms',
      detail: `a chain of ${steps} steps`,
    },
  ]
}
