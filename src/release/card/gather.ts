import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import { parentId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { aliasesOf } from '../../registry/aliases.ts'
import { typeInWords, type Field } from '../gates/signature/signature.ts'
import { asRelease, type Release } from '../releases/release.ts'
import { releases } from '../releases/releases.ts'
import { labelOf } from '../releases/state.ts'
import { modelFacts } from '../scorecard/facts.ts'
import { authored, type Authored, type CardDecision, type CardEvaluation, type ModelCard } from './card.ts'

/** As many releases of a version are looked at, the newest: more than there are. */
const mostReleases = 200

/** Gathers a version's card as it stands. What the actor may not read of its releases is left out, and the card says so. */
export async function cardOf(platform: Platform, actor: Actor, version: Resource): Promise<ModelCard> {
  const { id, name, properties, status } = version
  const model = await platform.resources.get(parentId(id))
  const facts = await modelFacts(platform, id)
  const { found, hidden } = await releasesOf(platform, actor, version)
  const evaluations = evaluationsOf(found)
  const flavor = flavorOf((properties['flavors'] ?? {}) as Json)
  const { tags } = facts
  const told = Object.fromEntries(
    (Object.keys(authored) as Authored[]).flatMap((key) => (tags[key] ? [[key, tags[key]]] : [])),
  )
  return {
    format: 1,
    model: {
      id,
      name: model.name,
      version: name,
      ...(facts.type === undefined ? {} : { type: facts.type }),
      ...(flavor === undefined ? {} : { flavor }),
      ...(facts.description === undefined ? {} : { description: facts.description }),
      aliases: Object.entries(aliasesOf(model))
        .filter(([, meant]) => meant === name)
        .map(([alias]) => alias),
      registeredAt: version.createdAt.toISOString(),
      registeredBy: version.createdBy,
      tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.hasOwn(authored, key))),
    },
    authored: told,
    data: {
      training: facts.data,
      evaluation: [...new Set(found.flatMap(judgedData))],
    },
    origin: {
      ...(facts.run === undefined ? {} : { run: facts.run }),
      ...(facts.job === undefined ? {} : { job: facts.job }),
      made: facts.made,
    },
    ...(facts.signature === undefined
      ? {}
      : {
          signature: {
            inputs: facts.signature.inputs.map(fieldOf),
            outputs: facts.signature.outputs.map(fieldOf),
          },
        }),
    evaluations,
    decisions: found.toReversed().flatMap(decisionsOf),
    releases: found.map((release) => ({
      label: labelOf(release),
      state: release.status.state,
      reason: release.status.reason,
    })),
    notes: [
      ...(hidden > 0 ? [`${hidden} releases of it may not be read by who asked for this card.`] : []),
      ...(evaluations.length === 0 ? ['No gate of a release has looked at it.'] : []),
      ...(evaluations.some(({ gate }) => gate === 'fairness')
        ? []
        : ['Nobody has asked whether it treats groups of people alike: the gate fairness does.']),
      ...((status['publishedFrom'] ?? undefined) === undefined
        ? []
        : ['It was published from another workspace.']),
    ],
  }
}

async function releasesOf(platform: Platform, actor: Actor, version: Resource) {
  const all = await platform.resources.list({
    type: releases.type,
    scope: scopeId(version.id) ?? '',
    view: 'all',
    where: { 'status.candidate.id': version.id },
    top: mostReleases,
  })
  const readable = await Promise.all(
    all.map((release) => platform.access.can(actor, 'Twinloop/releasePlans/releases/read', release.id)),
  )
  const found = all.filter((_, i) => readable[i]).map(asRelease)
  return { found, hidden: all.length - found.length }
}

/** Of each gate what the newest release found that asked it. */
function evaluationsOf(found: readonly Release[]): readonly CardEvaluation[] {
  const newest = new Map<string, CardEvaluation>()
  for (const release of found)
    for (const stage of release.status.stages)
      for (const { gate, name, state, result } of stage.gates) {
        if (result === undefined || newest.has(`${stage.name}/${name}`)) continue
        newest.set(`${stage.name}/${name}`, {
          gate,
          release: labelOf(release),
          stage: stage.name,
          state,
          summary: result.summary,
          measures: result.measures,
          notes: result.notes,
        })
      }
  return [...newest.values()]
}

const judgedData = ({ status }: Release): readonly string[] =>
  status.stages
    .flatMap(({ gates }) => gates)
    .map(({ result }) => result?.details?.['data'])
    .filter((data) => typeof data === 'string')

function decisionsOf(release: Release): readonly CardDecision[] {
  const label = labelOf(release)
  return release.status.stages.flatMap(({ name: stage, gates, approval }) => [
    ...gates.flatMap(({ name, waiver }) =>
      waiver === undefined
        ? []
        : [
            {
              at: waiver.at,
              by: waiver.by.name,
              what: `waived the gate ${name} of ${label} until ${waiver.expiresAt.slice(0, 10)}`,
              comment: waiver.reason,
            },
          ],
    ),
    ...(approval?.decisions ?? []).map(({ at, by, verdict, role, comment }) => ({
      at,
      by: by.name,
      what: `${verdict === 'approve' ? 'approved' : 'refused'} ${stage} of ${label} as ${role}`,
      ...(comment === undefined ? {} : { comment }),
    })),
  ])
}

const fieldOf = ({ name, type, required }: Field) => ({
  name: name ?? '',
  type: typeInWords(type),
  required,
})

/** `sklearn 1.5.2`: the flavour that is not just Python's, with the version of what it is of. */
function flavorOf(flavors: Json): string | undefined {
  const name = Object.keys(flavors).find((one) => one !== 'python_function')
  if (name === undefined) return undefined
  const data = ((flavors[name] as Json | undefined)?.['data'] ?? {}) as Json
  const version = Object.entries(data).find(([key]) => key.endsWith('_version'))?.[1]
  return typeof version === 'string' ? `${name} ${version}` : name
}
