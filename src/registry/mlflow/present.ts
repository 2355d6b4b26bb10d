import { keyOf } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { filled } from '../../tracking/protocol/message.ts'
import { aliasesOf } from '../aliases.ts'
import type { Lineage } from '../lineage.ts'
import { sourceProperty } from '../models.ts'

/** Stages of old clients; a model version that was given none is in `None`. */
export const stages = ['None', 'Staging', 'Production', 'Archived'] as const
export type Stage = (typeof stages)[number]

/** Property in which a version keeps the link that its client gave. */
export const runLinkProperty = 'mlflow.runLink'

export interface VersionFacts {
  readonly modelName: string
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
  readonly runId: string
  readonly stage: Stage
  readonly source: string
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const map = (value: unknown) => (value ?? {}) as Readonly<Record<string, string>>

/** A version's resource as MLflow's clients think of it. */
export function factsOf(version: Resource): VersionFacts {
  const { description, tags, jobName, stage, modelUri, properties } = version.properties
  return {
    modelName: version.id.split('/').at(-3) ?? '',
    description: text(description),
    tags: map(tags),
    runId: text(jobName),
    stage: stages.find((s) => s.toLowerCase() === text(stage).toLowerCase()) ?? 'None',
    source: map(properties)[sourceProperty] ?? text(modelUri),
  }
}

export function presentVersion(version: Resource, model: Resource | undefined) {
  const facts = factsOf(version)
  const aliases = Object.entries(model === undefined ? {} : aliasesOf(model))
  const lineage = version.status['lineage'] as Lineage | undefined
  return {
    name: facts.modelName,
    version: version.name,
    creation_timestamp: version.createdAt.getTime(),
    last_updated_timestamp: version.modifiedAt.getTime(),
    user_id: version.createdBy,
    current_stage: facts.stage,
    description: facts.description || undefined,
    source: facts.source,
    run_id: facts.runId || undefined,
    status: 'READY',
    tags: filled(tagList(facts.tags)),
    run_link: map(version.properties['properties'])[runLinkProperty],
    aliases: filled(aliases.filter(([, target]) => target === version.name).map(([alias]) => alias)),
    model_id: lineage?.loggedModel,
  }
}

/** A model with the newest version of each stage. */
export function presentModel(model: Resource, versions: readonly Resource[]) {
  const newest = new Map<Stage, Resource>()
  for (const version of versions.toSorted(newestFirst)) {
    const { stage } = factsOf(version)
    if (!newest.has(stage)) newest.set(stage, version)
  }
  return {
    name: model.name,
    creation_timestamp: model.createdAt.getTime(),
    last_updated_timestamp: Math.max(
      model.modifiedAt.getTime(),
      ...versions.filter((v) => v.parent === keyOf(model.id)).map((v) => v.createdAt.getTime()),
    ),
    description: text(model.properties['description']) || undefined,
    latest_versions: filled([...newest.values()].map((v) => presentVersion(v, model))),
    tags: filled(tagList(map(model.properties['tags']))),
    aliases: filled(Object.entries(aliasesOf(model)).map(([alias, version]) => ({ alias, version }))),
  }
}

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([key, value]) => ({ key, value }))

/** By version number, the highest first; names that are no numbers come after those, by when they were made. */
export function newestFirst(a: Resource, b: Resource): number {
  const [left, right] = [versionNumber(a), versionNumber(b)]
  return right - left || b.createdAt.getTime() - a.createdAt.getTime()
}

export const versionNumber = (version: Resource): number =>
  /^\d{1,15}$/.test(version.name) ? Number(version.name) : -1
