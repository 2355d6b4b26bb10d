import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type App } from '../app.ts'
import { fileSchemas } from '../cli/yaml/schemas/files.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../kernel/log.ts'

/** A whole server in this process with a home of its own, for tests of rooms. */
export interface TestApp {
  readonly app: App
  readonly home: string
  /** Administrator's token. */
  readonly token: string
  /** Id of the default workspace. */
  readonly workspace: string
  /** Sends a request as the administrator; `path` may start with the workspace id. Answers with the JSON parsed. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Resolves with the resource's presented properties once `done` holds; follows the event stream, never polls. */
  until(id: string, done: (properties: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>
  /** Stops the server and removes its home. */
  end(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // oxlint-disable-next-line typescript/no-explicit-any -- what a test expects of a body, it asserts
  readonly body: any
}

/** Starts a server on free ports. Its log is silent below `warn` unless TWINLOOP_LOG_LEVEL says otherwise. */
export async function startTestApp(overrides: Readonly<Record<string, unknown>> = {}): Promise<TestApp> {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const config = readConfig({}, { home, port: 0, httpsPort: 0, gatewayPort: 0, ...overrides })
  const level = process.env['TWINLOOP_LOG_LEVEL'] === 'debug' ? 'debug' : 'error'
  const app = await createApp(config, { log: createLog({ level }), schemas: fileSchemas })
  const { token, urls } = await app.start()
  const { subscription, resourceGroup, workspace } = config
  const workspaceId = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`

  const send: TestApp['send'] = async (method, path, body, headers = {}) => {
    const response = await app.fetch(
      new Request(`${urls.http}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    }
  }

  return {
    app,
    home,
    token,
    workspace: workspaceId,
    send,
    async until(id, done) {
      const gone = new AbortController()
      const events = app.platform.events.tail(-1, gone.signal)[Symbol.asyncIterator]()
      for (let next = events.next(); ; next = events.next()) {
        const resource = await app.platform.resources.find(id)
        const properties = { ...resource?.properties, ...resource?.status }
        if (done(properties)) {
          gone.abort()
          return properties
        }
        await next
      }
    },
    async end() {
      await app.stop({ everything: true })
      rmSync(home, { recursive: true, force: true })
    },
  }
}
