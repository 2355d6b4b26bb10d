import { setTimeout as sleep } from 'node:timers/promises'
import { createHash, randomUUID } from 'node:crypto'
import type { Actor } from '../../../kernel/access/access.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import type { TestApp } from '../../../testing/app.ts'
import type { EvidenceFile, Gate, GateContext, GateResult, PlanMistake, ReleasedModel } from '../gate.ts'

/** What a test says of the release that it asks a gate about. */
export interface Asking {
  readonly candidate: ReleasedModel
  readonly champion?: ReleasedModel
  /** Default: the default one. */
  readonly workspaceId?: string
  readonly endpoint?: string
  readonly seed?: number
  /** Whose rights the release has. Default: the administrator's. */
  readonly actor?: Actor
}

/** An answer, with what was kept as evidence by name. */
export interface Answered {
  readonly result: GateResult
  readonly kept: Readonly<Record<string, string>>
  readonly jobs: Readonly<Record<string, Resource>>
  /** What it said that it was doing, in order, each once. */
  readonly said: readonly string[]
}

/** A model version by its id, as gates meet it. */
export async function released(t: TestApp, id: string): Promise<ReleasedModel> {
  const resource = await t.app.platform.resources.get(id)
  const [, name = '', version = ''] = /\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(id) ?? []
  return { id: resource.id, name, version, resource }
}

/** What the gate has against a plan that says this of it. */
export async function mistakes<P>(
  t: TestApp,
  gate: Gate<P>,
  parameters: Json,
  model = 'flight-delay',
): Promise<readonly PlanMistake[]> {
  const { platform } = t.app
  const context = { platform, workspaceId: t.workspace, model, actor: platform.identity('release') }
  return (await gate.check?.(gate.parameters.parse(parameters), context)) ?? []
}

/** Asks a gate as a release does, step by step until it answers; `tidy` is called however it ends. */
export async function drive<P>(t: TestApp, gate: Gate<P>, written: Json, asking: Asking): Promise<Answered> {
  const parameters = gate.parameters.parse(written)
  const attempt = await asked(t, asking)
  const said = new Set<string>()
  let state: Json = {}
  try {
    for (;;) {
      const progress = await gate.advance(parameters, attempt.context(state))
      if ('result' in progress)
        return { result: progress.result, kept: attempt.kept, jobs: attempt.jobs, said: [...said] }
      said.add(progress.doing)
      // As it is kept in a store meanwhile.
      state = JSON.parse(JSON.stringify(progress.state ?? state)) as Json
      if (progress.again === undefined) await attempt.something()
      else await sleep(progress.again)
    }
  } finally {
    await gate.tidy?.(parameters, attempt.context(state))
  }
}

/** One attempt: contexts for its steps, and what became of them. */
export async function asked(t: TestApp, asking: Asking) {
  const { platform } = t.app
  const workspaceId = asking.workspaceId ?? t.workspace
  const mark = randomUUID().slice(0, 8)
  const jobs: Record<string, Resource> = {}
  const kept: Record<string, string> = {}
  const works = new Map<string, { done?: { value: unknown }; failed?: { error: unknown } }>()
  const pending = new Set<Promise<unknown>>()
  let ended = 0
  const follow = (work: Promise<unknown>) => {
    pending.add(work)
    void work.finally(() => {
      pending.delete(work)
      ended += 1
    })
  }
  const life = new AbortController()
  // A person: the token of a job is that of who made it.
  const actor =
    asking.actor ?? (await platform.access.authenticate(new Headers({ authorization: `Bearer ${t.token}` })))

  const job: GateContext['job'] = async (name, properties) => {
    const id = `${workspaceId}/jobs/gate-${mark}-${name}`
    const found = await platform.resources.find(id)
    const now =
      found ?? (await platform.resources.put(actor, id, { properties: await properties() })).resource
    jobs[name] = now
    if (!hasEnded(now)) {
      follow(t.until(id, ({ status }) => ['Completed', 'Failed', 'Canceled'].includes(String(status))))
    }
    return now
  }

  function inBackground<T>(name: string, work: (signal: AbortSignal) => Promise<T>) {
    const found = works.get(name)
    if (found?.failed !== undefined) return Promise.reject(found.failed.error)
    if (found?.done !== undefined) return Promise.resolve(found.done.value as T)
    if (found !== undefined) return undefined
    const entry: { done?: { value: unknown }; failed?: { error: unknown } } = {}
    works.set(name, entry)
    follow(
      work(life.signal).then(
        (value) => (entry.done = { value }),
        (error: unknown) => (entry.failed = { error }),
      ),
    )
    return undefined
  }

  const keep: GateContext['keep'] = (file, content) => {
    const bytes = Buffer.from(content)
    kept[file.name] = bytes.toString('utf8')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return Promise.resolve({ ...file, bytes: bytes.byteLength, sha256 } satisfies EvidenceFile)
  }

  const context = (state: Json): GateContext => ({
    platform,
    signal: life.signal,
    release: { id: `${t.workspace}/providers/Twinloop/releasePlans/plan/releases/1`, label: 'plan/1' },
    stage: 'staging',
    workspaceId,
    candidate: asking.candidate,
    champion: asking.champion,
    endpoint: asking.endpoint,
    actor,
    state,
    seed: asking.seed ?? 7,
    job,
    inBackground,
    keep,
  })

  return {
    context,
    jobs,
    kept,
    /** Ends the server's life for what runs in the background. */
    end: () => life.abort(),
    /** Resolves when a job or a background work has ended since it was asked last. */
    something: async () => {
      if (pending.size === 0 && ended === 0) throw new Error('The gate waits for nothing.')
      if (ended === 0) await Promise.race(pending)
      ended = 0
    },
  }
}

const hasEnded = ({ status }: Resource) =>
  ['Completed', 'Failed', 'Canceled'].includes(String(status['status']))
