import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { tellable } from '../../kernel/errors.ts'
import { signatureIn, type Signature } from '../gates/signature/signature.ts'
import { modelText, withModelFiles } from '../gates/model-files.ts'
import { makerOf } from '../origin/maker.ts'
import type { Release, ReleaseState } from '../releases/release.ts'
import { labelOf } from '../releases/state.ts'

/** What a scorecard is made of: the release, and what is known of its candidate. */
export interface ScorecardFacts {
  /** `flight-delay/14` */
  readonly label: string
  /** When it was made, ISO. */
  readonly at: string
  readonly state: ReleaseState
  readonly model: ModelFacts
}

export interface ModelFacts {
  readonly description?: string
  readonly tags: Readonly<Record<string, string>>
  readonly type?: string
  readonly registeredAt?: string
  readonly run?: string
  readonly job?: string
  /** What the job ran on, and by which code and command. */
  readonly made: readonly (readonly [name: string, value: string])[]
  readonly data: readonly string[]
  readonly signature?: Signature
}

/** Gathers what a scorecard tells of a release as it stands. What of the model cannot be found any more is left out. */
export async function scorecardFacts(platform: Platform, release: Release): Promise<ScorecardFacts> {
  const { status } = release
  return {
    label: labelOf(release),
    at: platform.clock().toISOString(),
    state: status,
    model: await modelFacts(platform, status.candidate.id),
  }
}

/** What is known of a version and of what made it, for people. */
export async function modelFacts(platform: Platform, id: string): Promise<ModelFacts> {
  const version = await platform.resources.find(id)
  if (version === undefined) return { tags: {}, made: [], data: [] }
  const { properties, status } = version
  const { lineage, publishedFrom } = status as { lineage?: Json; publishedFrom?: Json }
  const origin = publishedFrom ?? lineage ?? {}
  const maker = await makerOf(platform, version)
  const job = (maker?.job.properties ?? {}) as Json
  const data = [...listed(origin['data']), ...listed(lineage?.['data'])]
  const signature = await signatureOf(platform, id)
  return {
    ...text('description', properties['description']),
    ...text('type', properties['modelType']),
    registeredAt: version.createdAt.toISOString(),
    ...text('run', origin['run'] ?? lineage?.['run']),
    ...text('job', maker?.job.name),
    tags: Object.fromEntries(
      Object.entries((properties['tags'] ?? {}) as Json).map(([k, v]) => [k, String(v)]),
    ),
    made: (
      [
        ['Pipeline', maker !== undefined && maker.root.id !== maker.job.id ? maker.root.name : undefined],
        ['Code', short(job['codeId'])],
        ['Command', job['command']],
        ['Environment', short(job['environmentId'])],
      ] as const
    ).flatMap(([name, value]) => (typeof value === 'string' && value !== '' ? [[name, value] as const] : [])),
    data: [...new Set(data)],
    ...(signature === undefined ? {} : { signature }),
  }
}

const text = <K extends string>(key: K, value: unknown): { readonly [key in K]?: string } =>
  (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as { readonly [key in K]?: string }

const listed = (data: unknown): readonly string[] =>
  (Array.isArray(data) ? (data as readonly Json[]) : []).map(
    ({ name, id, digest }) =>
      `${String(name)}: ${short(id) ?? String(id)}${typeof digest === 'string' ? ` (digest ${digest})` : ''}`,
  )

/** `flights:3` of the id of a version; what is none, as it is. */
function short(id: unknown): string | undefined {
  if (typeof id !== 'string') return undefined
  const [, name, version] = /\/([^/]+)\/versions\/([^/]+)$/.exec(id) ?? []
  return name === undefined ? id : `${name}:${version}`
}

/** What a model takes and gives; undefined for one that does not say, or whose files cannot be read. */
async function signatureOf(platform: Platform, id: string): Promise<Signature | undefined> {
  try {
    return await withModelFiles(platform, { id }, async (files) => {
      const described = await modelText(files, 'MLmodel')
      return described === undefined ? undefined : signatureIn(described)
    })
  } catch (error) {
    if (tellable(error) === undefined) throw error
    return undefined
  }
}
