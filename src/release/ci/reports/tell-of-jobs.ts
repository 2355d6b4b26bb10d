import { publicUrl } from '../../../kernel/http/public-url.ts'
import type { EventConsumer, Platform } from '../../../kernel/platform.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import { completeRuns } from '../../../store/tracking/run-data.ts'
import { findRun } from '../../../store/tracking/runs.ts'
import { asJob, type Job } from '../../../training/jobs/job.ts'
import { stepsOf } from '../../../training/jobs/transition.ts'
import { originOf, toldOf } from './commit.ts'
import type { CommitStatus } from './host.ts'
import { reportComment, reportStatus } from './reports.ts'
import { duration, figure, plain, table } from './words.ts'

/** Of what a job logged, a comment shows no more than this. */
const mostFigures = 30

const states: Readonly<Record<string, CommitStatus['state']>> = {
  Completed: 'success',
  Failed: 'failure',
  Canceled: 'cancelled',
}

/** What becomes of a job is told where its commit is from. However late and however often it hears, it tells what is. */
export const tellOfJobs: EventConsumer = {
  name: 'release/reports-of-jobs',
  types: ['Microsoft.MachineLearningServices.RunStatusChanged'],
  async handle({ source, data }, platform) {
    // A pipeline speaks for its steps.
    if (data['parentRunId'] !== undefined) return
    const found = await platform.resources.find(childId(source, 'jobs', String(data['runId'])))
    const origin = found === undefined ? undefined : originOf(found)
    if (found === undefined || origin === undefined) return
    const job = asJob(found)
    for (const repository of await toldOf(platform, source, origin.url)) {
      const told = { about: job.id, since: job.createdAt.toISOString() }
      const { statuses = true, comments = true } = repository.properties.report ?? {}
      const targetUrl = `${publicUrl(platform)}/studio/jobs/${job.name}`
      const context = `twinloop/${job.properties.experimentName ?? 'Default'}`
      if (statuses)
        await reportStatus(
          platform,
          repository,
          { ...standing(job), commit: origin.commit, context, targetUrl },
          told,
        )
      if (comments && origin.pullRequest !== undefined) {
        const mark = `<!-- ${context.replaceAll('--', '')} of ${repository.name} -->`
        const body = `${mark}\n${await bodyOf(platform, job, origin.commit, targetUrl)}`
        await reportComment(platform, repository, { pullRequest: origin.pullRequest, mark, body }, told)
      }
    }
  },
}

function standing({ status }: Job): Pick<CommitStatus, 'state' | 'description'> {
  const state = states[status.status] ?? 'pending'
  if (state === 'pending') return { state, description: status.status }
  const { startTime, endTime, error } = status
  const took =
    startTime === undefined || endTime === undefined
      ? ''
      : ` after ${duration(Date.parse(endTime) - Date.parse(startTime))}`
  return {
    state,
    description: `${status.status}${took}${error === undefined ? '' : `: ${error.message}`}`,
  }
}

/** The job, its steps and what it measured, in Markdown. */
async function bodyOf(platform: Platform, job: Job, commit: string, url: string): Promise<string> {
  const steps = await stepsOf(platform, job)
  const { state, description } = standing(job)
  const sign = { success: '✅', failure: '❌', error: '❌', cancelled: '🚫', pending: '⏳' }[state]
  const figures = await figuresOf(platform, job, steps)
  const title = job.properties.experimentName ?? 'Default'
  return [
    `### ${sign} ${plain(title)}`,
    `${plain(description)} · commit ${commit.slice(0, 12)} · [${plain(job.name)}](${url})`,
    ...(steps.length === 0
      ? []
      : [
          table(
            ['step', 'state'],
            steps.map((step) => [step.properties.stepName ?? step.name, standing(step).description]),
          ),
        ]),
    ...(figures.length === 0 ? [] : [table(['metric', 'value', 'step'], figures)]),
  ].join('\n\n')
}

async function figuresOf(platform: Platform, job: Job, steps: readonly Job[]) {
  const { db } = platform.store
  const rows: string[][] = []
  for (const { name, scope, properties } of [job, ...steps]) {
    const run = await findRun(db, scope, name)
    const [record] = await completeRuns(db, run === undefined ? [] : [run])
    for (const { key, value } of record?.metrics ?? [])
      rows.push([key, figure(value), properties.stepName ?? ''])
  }
  const left = rows.length - mostFigures
  return left <= 0 ? rows : [...rows.slice(0, mostFigures), ['…', `${left} more`, '']]
}
