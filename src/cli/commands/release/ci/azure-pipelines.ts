import { Failure } from '../../../failure.ts'
import { ask, variable } from './ask.ts'
import type { CiSystem, Review } from './review.ts'

/** A record of `GET …/_apis/build/builds/{id}/timeline`: approvals are below the checkpoint of their stage. */
interface TimelineRecord {
  readonly id: string
  readonly parentId?: string | null
  readonly type: string
  readonly identifier?: string | null
  readonly name?: string | null
}

/** One of `GET …/_apis/pipelines/approvals?$expand=steps`. */
interface AzureApproval {
  readonly id: string
  readonly steps: readonly {
    readonly status: string
    readonly comment?: string
    readonly lastModifiedOn?: string
    readonly actualApprover?: { readonly uniqueName?: string; readonly displayName?: string }
  }[]
}

const mapped = 'map it: `env: { SYSTEM_ACCESSTOKEN: $(System.AccessToken) }`'

/** Azure Pipelines: the approvers of what a stage uses, an environment for instance. */
export const azurePipelines: CiSystem = {
  name: 'Azure Pipelines',
  isHere: (env) => env['TF_BUILD']?.toLowerCase() === 'true',
  async review(env, environment, signal) {
    const set = (name: string) => variable(env, name, 'Azure Pipelines sets it')
    const project = `${set('SYSTEM_COLLECTIONURI')}${encodeURIComponent(set('SYSTEM_TEAMPROJECT'))}`
    const build = set('BUILD_BUILDID')
    const authorization = `Bearer ${variable(env, 'SYSTEM_ACCESSTOKEN', mapped)}`
    const get = (path: string) => ask(`${project}/_apis/${path}`, authorization, signal, mapped)
    const { records } = (await get(`build/builds/${build}/timeline?api-version=7.1`)) as {
      readonly records: readonly TimelineRecord[]
    }
    const stage = environment ?? env['SYSTEM_STAGENAME']
    const ids = approvalsOf(records, stage)
    if (ids.length === 0) throw unreviewed(stage)
    const { value } = (await get(
      `pipelines/approvals?approvalIds=${ids.join(',')}&$expand=steps&api-version=7.1`,
    )) as { readonly value: readonly AzureApproval[] }
    return reviewIn(value, stage, `${project}/_build/results?buildId=${build}`)
  },
}

/** Ids of the approvals that a stage has waited for; of all stages where none is named. */
export function approvalsOf(
  records: readonly TimelineRecord[],
  stage: string | undefined,
): readonly string[] {
  const byId = new Map(records.map((record) => [record.id, record]))
  const isOf = (record: TimelineRecord | undefined): boolean =>
    record !== undefined &&
    ((record.type === 'Stage' &&
      [record.identifier, record.name].some((name) => name?.toLowerCase() === stage?.toLowerCase())) ||
      isOf(byId.get(record.parentId ?? '')))
  return records
    .filter((record) => record.type === 'Checkpoint.Approval' && (stage === undefined || isOf(record)))
    .map(({ id }) => id)
}

/** The newest decision of an approver. */
export function reviewIn(
  approvals: readonly AzureApproval[],
  stage: string | undefined,
  run: string,
): Review {
  const last = approvals
    .flatMap(({ steps }) => steps)
    .filter(
      ({ status, actualApprover }) => actualApprover !== undefined && /^(?:approved|rejected)$/.test(status),
    )
    .toSorted((a, b) => (a.lastModifiedOn ?? '').localeCompare(b.lastModifiedOn ?? ''))
    .at(-1)
  const name = last?.actualApprover?.uniqueName ?? last?.actualApprover?.displayName
  if (last === undefined || name === undefined) throw unreviewed(stage)
  return {
    // Names of people have no spaces where they are used as one word.
    person: `azure-devops:${name.replaceAll(/\s+/g, '.')}`,
    verdict: last.status === 'approved' ? 'approve' : 'refuse',
    comment: last.comment === undefined || last.comment === '' ? undefined : last.comment,
    run,
  }
}

const unreviewed = (stage: string | undefined): Failure =>
  new Failure(`nobody has approved ${stage === undefined ? 'this run' : `the stage ${stage}`}`, {
    hint: 'the job needs an `environment` with the check Approvals, in this stage',
  })
