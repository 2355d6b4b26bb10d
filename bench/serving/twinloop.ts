import { execFile } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cpuMs, family, memoryMiB } from '../processes.ts'
import { program, startTwinloop } from '../servers.ts'
import { requirements, type Serving } from './peers.ts'

export type Twinloop = Awaited<ReturnType<typeof startWithEndpoint>>

/** Twinloop with an endpoint; everything below is done by its command line, as a user would. */
export async function startWithEndpoint(folder: string) {
  const server = await startTwinloop()
  const env = { ...process.env, TWINLOOP_HOME: server.home }
  const twinloop = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [program, ...args], { env })).stdout.trim()
  const fromFile = async (noun: string, content: object) => {
    const file = join(folder, 'twinloop.yml')
    writeFileSync(file, JSON.stringify(content))
    await twinloop(noun, 'create', '--file', file)
  }
  await fromFile('online-endpoint', { name: 'bench', auth_mode: 'key' })
  const ask = (verb: string, query: string) =>
    twinloop('online-endpoint', verb, '--name', 'bench', '--query', query, '--output', 'tsv')
  const url = (await ask('show', 'scoring_uri')).replace(/\/score$/, '')
  const key = await ask('get-credentials', 'primaryKey')
  const gatewayPid = (
    JSON.parse(readFileSync(join(server.home, 'gateway/listening.json'), 'utf8')) as { pid: number }
  ).pid

  return {
    server,
    gatewayPid,
    /** The scoring gateway's own share. */
    gateway: (): { mib: number; cpuMs: number } => ({
      mib: memoryMiB([gatewayPid]),
      cpuMs: cpuMs([gatewayPid]),
    }),
    instancePids: (): readonly number[] =>
      family(server.pid).filter((pid) => commandLine(pid).includes('runtime.py')),
    /** Deploys a model, and answers it as something that can be scored at `path`. */
    async deploy(deployment: string, more: object, path: string): Promise<Serving> {
      await fromFile('online-deployment', {
        name: deployment,
        endpoint_name: 'bench',
        instance_type: 'any',
        instance_count: 1,
        request_settings: { max_concurrent_requests_per_instance: 64, request_timeout_ms: 30_000 },
        ...more,
      })
      return {
        ...server,
        name: 'Twinloop',
        url: `${url}${path}`,
        headers: { authorization: `Bearer ${key}`, 'azureml-model-deployment': deployment },
        // It is one server for all of them.
        stop: () => Promise.resolve(),
      }
    },
    runtimeOf: (deployment: string) =>
      twinloop(
        ...`online-deployment show --endpoint bench --name ${deployment} --query runtime -o tsv`.split(' '),
      ),
    /** Folder of the graph that a deployment was compiled to. */
    compiledFolder(): string {
      const [found] = globSync(join(server.home, '**/native/model.onnx'))
      if (found === undefined) throw new Error('Twinloop has compiled no model: is it served by Python?')
      return join(found, '..')
    },
    stop: () => server.stop(),
  }
}

export const models = (folder: string) => ({
  sklearn: { model: { path: join(folder, 'sklearn'), type: 'mlflow_model' } },
  custom: { model: { path: join(folder, 'custom'), type: 'mlflow_model' } },
  script: {
    model: { path: join(folder, 'script'), type: 'custom_model' },
    code_configuration: { code: join(import.meta.dirname, 'code'), scoring_script: 'score.py' },
    environment: { conda_file: { dependencies: ['python', { pip: requirements }] }, image: 'none' },
  },
})

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
