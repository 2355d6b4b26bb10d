import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../processes.ts'
import { pythonWith, startProcess, type Server } from '../servers.ts'
import type { Target } from './wrk.ts'

export const versions = {
  mlflow: '3.17.2',
  mlserver: '1.7.1',
  'azureml-inference-server-http': '1.5.1',
  'scikit-learn': '1.9.1',
  pandas: '3.1.1',
} as const

const pinned = (...names: readonly (keyof typeof versions)[]) =>
  names.map((name) => `${name}==${versions[name]}`)

/** What the models themselves need, in every server's environment alike. */
export const requirements = [
  `mlflow-skinny==${versions.mlflow}`,
  ...pinned('scikit-learn', 'pandas'),
  'numpy==2.4.6',
]

/** One environment for both of those that serve MLflow's models, so that they run the same MLflow. */
export const mlflowPython = () =>
  pythonWith(`bench-mlserver-${versions.mlserver}`, [
    ...pinned('mlflow', 'mlserver', 'scikit-learn', 'pandas'),
    `mlserver-mlflow==${versions.mlserver}`,
    // With 0.22 and later the workers of this MLServer end at their start.
    'uvloop==0.21.0',
    'numpy==2.4.6',
  ])

const azurePython = () =>
  pythonWith(`bench-azureml-${versions['azureml-inference-server-http']}`, [
    ...pinned('azureml-inference-server-http', 'scikit-learn', 'pandas'),
    'numpy==2.4.6',
  ])

/** A server of one model under measurement. */
export interface Serving extends Target {
  readonly name: string
  memory(): { readonly processes: number; readonly mib: number }
  cpuMs(): number
  stop(): Promise<void>
}

const serving = (server: Server, path: string): Serving => ({
  ...server,
  url: `${server.url}${path}`,
  headers: {},
})

function ownFolder(folder: string, name: string): string {
  const own = join(folder, name.replaceAll(/\W+/g, '-'))
  mkdirSync(own, { recursive: true })
  return own
}

/** `mlflow models serve`, with its defaults: one worker. */
export async function startMlflowServe(folder: string, model: string): Promise<Serving> {
  const port = await freePort()
  const python = mlflowPython()
  const argv = [python, '-m', 'mlflow', 'models', 'serve', '-m', join(folder, model)]
  const name = 'mlflow models serve'
  const server = await startProcess(name, [...argv, '-p', String(port), '--env-manager', 'local'], {
    cwd: ownFolder(folder, `${name}-${model}`),
    env: { PATH: `${join(python, '..')}:${process.env['PATH']}` },
    url: `http://127.0.0.1:${port}`,
    path: '/ping',
  })
  return serving(server, '/invocations')
}

/** MLServer with its MLflow runtime and its defaults (one worker beside the server), without its debug log. */
export async function startMlserver(folder: string, model: string): Promise<Serving> {
  const ports = [await freePort(), await freePort(), await freePort()]
  const cwd = ownFolder(folder, `mlserver-${model}`)
  const settings = {
    debug: false,
    host: '127.0.0.1',
    http_port: ports[0],
    grpc_port: ports[1],
    metrics_port: ports[2],
  }
  const of = {
    name: 'model',
    implementation: 'mlserver_mlflow.MLflowRuntime',
    parameters: { uri: join(folder, model) },
  }
  writeFileSync(join(cwd, 'settings.json'), JSON.stringify(settings))
  writeFileSync(join(cwd, 'model-settings.json'), JSON.stringify(of))
  const server = await startProcess('MLServer', [join(mlflowPython(), '../mlserver'), 'start', cwd], {
    cwd,
    url: `http://127.0.0.1:${ports[0]}`,
    path: '/v2/models/model/ready',
  })
  return serving(server, '/invocations')
}

/** Azure ML's inference server, which runs a scoring script; its default is one worker. */
export async function startAzureServer(folder: string): Promise<Serving> {
  const [port, health] = [await freePort(), await freePort()]
  const script = join(import.meta.dirname, 'code/score.py')
  const flags = { entry_script: script, model_dir: join(folder, 'script'), port, health_port: health }
  const argv = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = await startProcess(
    'azureml-inference-server-http',
    [join(azurePython(), '../azmlinfsrv'), ...argv],
    { cwd: ownFolder(folder, 'azmlinfsrv'), url: `http://127.0.0.1:${port}`, path: '/' },
  )
  return serving(server, '/score')
}

/** The limit: `bare.ts` with the graph that Twinloop compiled. */
export async function startBare(folder: string, compiled: string): Promise<Serving> {
  const port = await freePort()
  const argv = [process.execPath, join(import.meta.dirname, 'bare.ts'), compiled, String(port)]
  const server = await startProcess('bare Node and ONNX Runtime', argv, {
    cwd: ownFolder(folder, 'bare'),
    url: `http://127.0.0.1:${port}`,
    path: '/',
  })
  return serving(server, '/')
}
