import { createHash } from 'node:crypto'
import type { Platform } from '../../kernel/platform.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { TestApp } from '../../testing/app.ts'
import type { EvidenceFile, Gate, GateContext, GateResult, ReleasedModel } from '../gates/gate.ts'

/** What a gate found, with the files that it kept. */
export interface GateRun {
  readonly result: GateResult
  readonly files: ReadonlyMap<string, string>
  readonly jobs: readonly Resource[]
}

let attempts = 0

/** Takes a gate through an attempt as a release would: parameters through its schema, `advance` until there is a result. */
export async function runGate<P>(
  twin: TestApp,
  gate: Gate<P>,
  given: Readonly<Record<string, unknown>>,
  models: { readonly candidate: string; readonly champion?: string },
): Promise<GateRun> {
  const { platform } = twin.app
  const parameters = gate.parameters.parse(given)
  const attempt = `gate-${++attempts}`
  const files = new Map<string, string>()
  const jobs = new Map<string, Resource>()
  const background = new Map<string, { value?: unknown; promise: Promise<unknown> }>()
  const context: GateContext = {
    platform,
    signal: new AbortController().signal,
    release: { id: `${twin.workspace}/providers/Twinloop/releasePlans/plan/releases/1`, label: 'plan/1' },
    stage: 'staging',
    workspaceId: twin.workspace,
    candidate: await modelOf(platform, models.candidate),
    champion: models.champion === undefined ? undefined : await modelOf(platform, models.champion),
    endpoint: undefined,
    actor: platform.identity('release'),
    state: {},
    seed: 7,
    async job(name, properties) {
      const id = childId(twin.workspace, 'jobs', `${attempt}-${name}`)
      const found = await platform.resources.find(id)
      if (found === undefined)
        await platform.resources.put(platform.identity('release'), id, { properties: await properties() })
      const job = await platform.resources.get(id)
      jobs.set(name, job)
      return job
    },
    async inBackground<T>(name: string, work: (signal: AbortSignal) => Promise<T>) {
      const known = background.get(name)
      if (known !== undefined) return known.value as T
      const entry: { value?: unknown; promise: Promise<unknown> } = { promise: Promise.resolve() }
      entry.promise = work(new AbortController().signal).then((value) => (entry.value = value))
      background.set(name, entry)
      await entry.promise
      return entry.value as T
    },
    async keep({ name, title, contentType }, content): Promise<EvidenceFile> {
      const text = typeof content === 'string' ? content : Buffer.from(content).toString()
      files.set(name, text)
      const sha256 = createHash('sha256').update(text).digest('hex')
      return { name, title, contentType, bytes: Buffer.byteLength(text), sha256 }
    },
  }
  for (;;) {
    const progress = await gate.advance(parameters, context)
    if ('result' in progress) return { result: progress.result, files, jobs: [...jobs.values()] }
    for (const job of jobs.values())
      await twin.until(job.id, ({ status }) => ['Completed', 'Failed', 'Canceled'].includes(String(status)))
  }
}

async function modelOf(platform: Platform, id: string): Promise<ReleasedModel> {
  const resource = await platform.resources.get(id)
  const [, name = '', , version = ''] = id.split('/').slice(-4)
  return { id, name, version, resource }
}
