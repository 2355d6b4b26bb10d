import { queryOptions } from '@tanstack/react-query'
import type { PredictionSummary } from '../../../src/release/evaluation/summary/summary.ts'
import { call } from './call.ts'
import { releasesQuery, type Gate, type Release } from './releases.ts'
import { namesIn } from './resource.ts'
import type { Workspace } from './workspaces.ts'

export type { PredictionSummary }
export type ModelSummary = PredictionSummary['models'][number]

/** A gate that judged a version by its predictions, in a release. */
export interface Judged {
  readonly release: Release
  readonly stage: string
  readonly gate: Gate
  /** Whether the version was the one to be released, or the one that reigned. */
  readonly role: 'candidate' | 'champion'
}

const file = 'predictions.json'

/** Every gate that judged the version's predictions, newest release first. Pure. */
export function judgedIn(releases: readonly Release[], version: string): readonly Judged[] {
  const isOwn = (id: string | undefined) => id?.toLowerCase() === version.toLowerCase()
  return releases.flatMap((release) => {
    const { candidate, champion, stages } = release.properties
    const role = isOwn(candidate?.id) ? 'candidate' : isOwn(champion?.id) ? 'champion' : undefined
    if (role === undefined) return []
    return stages.flatMap(({ name: stage, gates }) =>
      gates
        .filter(
          ({ gate, result }) => result !== undefined && (gate === 'champion' || keepsSummary(result.files)),
        )
        .map((gate) => ({ release, stage, gate, role }) as const),
    )
  })
}

const keepsSummary = (files: readonly { readonly name: string }[] = []) =>
  files.some(({ name }) => name === file)

export const hasSummary = ({ gate }: Judged) => keepsSummary(gate.result?.files)

/** `flight-delay/3`. */
export const labelOfRelease = ({ id, name }: Release) => `${namesIn(id)[1] ?? ''}/${name}`

/** What the models said of the rows, in short; of a gate that kept it. */
export const summaryQuery = ({ release, stage, gate }: Judged) => {
  const path = `${release.id}/evidence/${stage}/${gate.name}/${gate.attempt}/${file}`
  return queryOptions({
    queryKey: ['evidence', path],
    queryFn: ({ signal }) => call<PredictionSummary>(path, { signal }),
    // What an attempt found never changes.
    staleTime: Infinity,
  })
}

/** Where a version was judged, with the evidence of it first that can be drawn. */
export const judgedQuery = (workspace: Workspace, version: string) => ({
  ...releasesQuery(workspace),
  select: (releases: readonly Release[]) => judgedIn(releases, version),
})
