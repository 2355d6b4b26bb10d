import type { EventConsumer, Platform } from '../../../kernel/platform.ts'
import { childId, scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { reviewUrl } from '../../approval/links/link.ts'
import { asRelease, type GateRecord, type Release, type ReleaseStateName } from '../../releases/release.ts'
import { labelOf } from '../../releases/state.ts'
import { originOf, toldOf } from './commit.ts'
import type { CommitStatus } from './host.ts'
import { reportComment, reportStatus } from './reports.ts'
import { plain, table } from './words.ts'

const states: Readonly<Record<ReleaseStateName, CommitStatus['state']>> = {
  running: 'pending',
  waiting: 'pending',
  delivering: 'pending',
  blocked: 'failure',
  succeeded: 'success',
  failed: 'failure',
  refused: 'failure',
  rolled_back: 'failure',
  expired: 'error',
  superseded: 'cancelled',
  cancelled: 'cancelled',
}

const signs: Readonly<Record<GateRecord['state'], string>> = {
  pending: '·',
  running: '⏳',
  passed: '✅',
  failed: '❌',
  inconclusive: '❔',
  error: '⚠️',
  waived: '⏭️',
}

/** What becomes of a release is told where its model's commit is from. */
export const tellOfReleases: EventConsumer = {
  name: 'release/reports-of-releases',
  types: [
    'Started',
    'GateFinished',
    'GateWaived',
    'Blocked',
    'ApprovalRequested',
    'ApprovalDecided',
    'DeliveryStarted',
    'DeliveryFinished',
    'Completed',
    'RolledBack',
  ].map((event) => `Twinloop.Release${event}`),
  async handle({ data }, platform) {
    const found = await platform.resources.find(String(data['releaseId']))
    if (found === undefined) return
    const release = asRelease(found)
    const workspaceId = scopeId(release.id) ?? ''
    const job = await jobOf(platform, workspaceId, release)
    const origin = job === undefined ? undefined : originOf(job)
    if (origin === undefined) return
    for (const repository of await toldOf(platform, workspaceId, origin.url)) {
      const told = { about: release.id, since: release.createdAt.toISOString() }
      const { statuses = true, comments = true } = repository.properties.report ?? {}
      const context = `twinloop/release/${labelOf(release).split('/')[0]}`
      const { state, reason } = release.status
      const targetUrl = reviewUrl(platform, release.id)
      const description = `${labelOf(release)} ${state.replace('_', ' ')}: ${reason}`
      if (statuses)
        await reportStatus(
          platform,
          repository,
          { commit: origin.commit, context, state: states[state], description, targetUrl },
          told,
        )
      if (comments && origin.pullRequest !== undefined) {
        const mark = `<!-- ${context.replaceAll('--', '')} of ${repository.name} -->`
        const body = `${mark}\n${bodyOf(release, origin.commit, targetUrl)}`
        await reportComment(platform, repository, { pullRequest: origin.pullRequest, mark, body }, told)
      }
    }
  },
}

/** The job that made the candidate: of a pipeline's step, the pipeline. */
async function jobOf(
  platform: Platform,
  workspaceId: string,
  { status }: Release,
): Promise<Resource | undefined> {
  const version = await platform.resources.find(status.candidate.id)
  const { job, pipeline } = (version?.status['lineage'] ?? {}) as {
    readonly job?: string
    readonly pipeline?: string
  }
  const name = pipeline ?? job
  return name === undefined ? undefined : platform.resources.find(childId(workspaceId, 'jobs', name))
}

/** The release, its stages and what their gates found, in Markdown. */
function bodyOf(release: Release, commit: string, url: string): string {
  const { state, reason, stages, candidate } = release.status
  const rows = stages.flatMap((stage) => [
    ...stage.gates.map((gate) => [
      stage.name,
      gate.name,
      `${signs[gate.state]} ${gate.state}`,
      foundBy(gate),
    ]),
    ...(stage.approval === undefined
      ? []
      : [[stage.name, 'approval', stage.approval.state, deciders(stage.approval.decisions)]]),
    ...(stage.delivery === undefined
      ? []
      : [[stage.name, 'delivery', stage.delivery.state, stage.delivery.doing ?? '']]),
  ])
  return [
    `### Release [${plain(labelOf(release))}](${url}): ${state.replace('_', ' ')}`,
    `${plain(reason)} · ${plain(candidate.name)}:${plain(candidate.version)} · commit ${commit.slice(0, 12)}`,
    ...(rows.length === 0 ? [] : [table(['stage', 'gate', 'state', 'found'], rows)]),
  ].join('\n\n')
}

const foundBy = ({ result, error, doing, waiver }: GateRecord) =>
  waiver === undefined ? (error ?? result?.summary ?? doing ?? '') : `${waiver.by.name}: ${waiver.reason}`

const deciders = (decisions: readonly { verdict: string; by: { name: string }; comment?: string }[]) =>
  decisions
    .map(
      ({ verdict, by, comment }) => `${verdict} by ${by.name}${comment === undefined ? '' : `: ${comment}`}`,
    )
    .join('; ')
