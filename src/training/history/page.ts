import { Hono } from 'hono'
import { html } from 'hono/html'
import { notSignedIn, page } from '../../kernel/http/page.ts'
import type { Html } from '../../kernel/http/page.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Actor } from '../../kernel/access/access.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { findRun } from '../../store/tracking/runs.ts'
import { completeRuns } from '../../store/tracking/run-data.ts'
import { submitterOf } from '../execution/runs.ts'
import { asJob } from '../jobs/job.ts'
import type { Job } from '../jobs/job.ts'
import { stepsOf } from '../jobs/transition.ts'
import { logLinks } from './logs.ts'

/** The page of a job, whose address clients print: how it stands, its steps, what it logged. */
export function jobPages(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/studio/jobs/:name', async (context) => {
    const actor = await platform.access.authenticate(context.req.raw.headers).catch(() => undefined)
    if (actor === undefined) return context.html(notSignedIn(), 401)
    const name = context.req.param('name')
    const job = await visible(platform, actor, name)
    if (job === undefined) return context.html(page(name, html`<p>There is no such job.</p>`), 404)
    const base = new URL(context.req.url).origin
    return context.html(page(job.properties.displayName ?? name, await present(platform, job, base)))
  })
  return app
}

/** The job of this name in a workspace that the actor may look into; addresses of pages name no workspace. */
async function visible(platform: Platform, actor: Actor, name: string): Promise<Job | undefined> {
  for (const workspace of await platform.resources.list({ type: 'workspaces', view: 'all' })) {
    const id = `${workspace.id}/jobs/${name}`
    const found = await platform.resources.find(id)
    if (found === undefined) continue
    if (await platform.access.can(actor, 'Microsoft.MachineLearningServices/workspaces/jobs/read', id))
      return asJob(found)
  }
  return undefined
}

async function present(platform: Platform, job: Job, base: string): Promise<Html> {
  const { status, properties } = job
  const run = await findRun(platform.store.db, job.scope, job.name)
  const [record] = await completeRuns(platform.store.db, run === undefined ? [] : [run])
  const steps = await stepsOf(platform, job)
  const logs = Object.entries(await logLinks(platform, job, base))
  return html`<p>
      ${status.status}, ${properties.experimentName ?? 'Default'}, submitted ${job.createdAt.toISOString()} by
      ${await submitterOf(platform, job)}${took(job)}
    </p>
    ${status.error === undefined ? '' : html`<pre>${status.error.message}</pre>`}
    ${(status.warnings ?? []).map((warning) => html`<p>${warning}</p>`)}
    <table>
      ${steps.map(
        (step) =>
          html`<tr>
            <td>${step.status.status}</td>
            <td>
              <a href="${base}/studio/jobs/${step.name}">${step.properties.stepName ?? step.name}</a
              >${took(step)}
            </td>
          </tr>`,
      )}
      ${(record?.metrics ?? []).map(
        (metric) =>
          html`<tr>
            <td>${metric.value}</td>
            <td>${metric.key}</td>
          </tr>`,
      )}
      ${(record?.params ?? []).map(
        (param) =>
          html`<tr>
            <td>${param.value}</td>
            <td>${param.name}</td>
          </tr>`,
      )}
    </table>
    ${logs.map(([name, link]) => html`<p><a href="${link}">${name}</a></p>`)}
    <p>
      <code>twinloop job stream -n ${job.name}</code> follows it,
      <code>twinloop job download -n ${job.name} --all</code> brings its files.
    </p>`
}

function took({ status }: Job): string {
  if (status.reusedFrom !== undefined) return ', reused'
  if (status.startTime === undefined || status.endTime === undefined) return ''
  return `, ${((Date.parse(status.endTime) - Date.parse(status.startTime)) / 1000).toFixed(1)} s`
}
