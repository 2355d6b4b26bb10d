import { trace, type TracedEdge } from '../../data/lineage/trace.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { GateContext, ReleasedModel } from '../gates/gate.ts'
import { candidateProperty, testSetProperty } from '../predictions/scoring-job.ts'

/** Evaluations of so many candidates on the same rows begin to choose what fits those rows; of so many they do. */
const reuse = { warn: 20, rotate: 50 } as const

/** What speaks against an evaluation beside its numbers. */
export interface Validity {
  /** Why it proves nothing; absent where it may. */
  readonly invalid?: string
  readonly notes: readonly string[]
}

/** Tag of a model version with the last time of its training data, ISO 8601: what came after is new to it. */
const trainedUntilTag = 'trained_until'

/**
 * Whether rows can judge the models: not if the job that made one was given them to train on, nor if one was trained on
 * times later than theirs (tag `trained_until`). Counts how many candidates the same version of the data has judged: the
 * more, the likelier one passes by chance.
 */
export async function validityOf(
  context: GateContext,
  job: Resource,
  times: { readonly first: string } | undefined,
): Promise<Validity> {
  const { candidate, champion } = context
  const testSet = testSetOf(job)
  const invalid: string[] = []
  const notes: string[] = []
  for (const [who, model] of [
    ['candidate', candidate],
    ['champion', champion],
  ] as const) {
    if (model === undefined) continue
    const name = `The ${who} ${model.name}:${model.version}`
    const reads = await readBy(context, model, testSet)
    if (reads === 'trained')
      invalid.push(`${name} was trained on these very rows, which therefore cannot judge it.`)
    if (reads === 'read')
      notes.push(`${name} was made by a job that read these rows too: were they for testing only?`)
    const until = trainedUntil(model)
    if (until !== undefined && times !== undefined && until > times.first)
      invalid.push(
        `${name} was trained on data until ${until}, and the rows begin at ${times.first}: it has seen their time.`,
      )
  }
  const judged = await candidatesJudged(context, testSet)
  if (judged > reuse.warn)
    notes.push(
      `These rows have judged ${judged} candidates: the best of many fits them by chance. ${judged >= reuse.rotate ? 'Take others.' : `Take others before it is ${reuse.rotate}.`}`,
    )
  return { ...(invalid.length === 0 ? {} : { invalid: invalid.join(' ') }), notes }
}

const ownProperties = ({ properties }: Resource) =>
  (properties['properties'] ?? {}) as Readonly<Record<string, unknown>>

const testSetOf = (job: Resource): string => {
  const said = ownProperties(job)[testSetProperty]
  return typeof said === 'string' ? said : ''
}

function trainedUntil({ resource }: ReleasedModel): string | undefined {
  const tags = (resource.properties['tags'] ?? {}) as Readonly<Record<string, unknown>>
  const said = tags[trainedUntilTag]
  return typeof said === 'string' && /^\d{4}-\d\d-\d\d/.test(said) ? said.slice(0, 10) : undefined
}

/** Edges by which a model is the same model, or came directly of a run. */
const ofModel = new Set(['registered', 'wrote', 'copied', 'published'])

/**
 * Whether the job that made a model read the data: `trained` if they were its only data, or by an input that is named so;
 * `read` if it had others to train on. Jobs further up, such as one that tested what is deployed, do not count.
 */
async function readBy(
  { platform, actor }: GateContext,
  model: ReleasedModel,
  testSet: string,
): Promise<'trained' | 'read' | undefined> {
  const { edges } = await trace(platform, actor, model.resource, { direction: 'up', depth: 6, limit: 500 })
  const into = Map.groupBy(edges, ({ to }) => to.toLowerCase())
  const makers = makersOf(model.id.toLowerCase(), into)
  for (const maker of makers) {
    const reads = (into.get(maker) ?? []).filter(({ kind }) => kind === 'read')
    const own = reads.find(({ from }) => from.toLowerCase() === testSet.toLowerCase())
    if (own === undefined) continue
    return reads.length === 1 || /train/i.test(own.name ?? '') ? 'trained' : 'read'
  }
  return undefined
}

function makersOf(id: string, into: ReadonlyMap<string, readonly TracedEdge[]>): ReadonlySet<string> {
  const makers = new Set<string>()
  const next = [id]
  for (let at = next.pop(); at !== undefined; at = next.pop())
    for (const { from, kind } of into.get(at) ?? []) {
      const key = from.toLowerCase()
      if (!ofModel.has(kind) || makers.has(key)) continue
      makers.add(key)
      if (!key.includes('/jobs/')) next.push(key)
    }
  return makers
}

/** How many candidates the data have judged, in this workspace. */
async function candidatesJudged({ platform, workspaceId }: GateContext, testSet: string): Promise<number> {
  const jobs = await platform.resources.list({
    type: 'workspaces/jobs',
    parent: workspaceId.toLowerCase(),
    view: 'all',
    where: { [`properties.properties.${testSetProperty}`]: testSet },
  })
  return new Set(jobs.map((job) => ownProperties(job)[candidateProperty])).size
}
