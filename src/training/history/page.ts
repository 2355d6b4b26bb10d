import { Hono } from 'hono'
import { page } from '../../kernel/http/page.ts'
import { html } from 'hono/html'
import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import { parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Frame } from '../../kernel/rest/arm.ts'

const reading = 'Microsoft.MachineLearningServices/workspaces/jobs/read'

/**
 * `GET /studio/jobs/{name}`, the address of a job that clients print, which names no workspace: leads to the job's page in
 * Studio, or to where one signs in and then there.
 */
export function jobPages(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/studio/jobs/:name', async (context) => {
    const name = context.req.param('name')
    const actor = await platform.access.authenticate(context.req.raw.headers).catch(() => undefined)
    if (actor === undefined)
      return context.redirect(
        `/sign-in?next=${encodeURIComponent(`/studio/jobs/${encodeURIComponent(name)}`)}`,
      )
    const workspace = await workspaceOf(platform, actor, name)
    if (workspace === undefined) return context.html(page(name, html`<p>There is no such job.</p>`), 404)
    return context.redirect(`/w/${workspace}/jobs/${encodeURIComponent(name)}`)
  })
  return app
}

/** What Studio calls the workspace of the job, among those that the actor may look into: its place in full. */
async function workspaceOf(platform: Platform, actor: Actor, name: string): Promise<string | undefined> {
  for (const workspace of await platform.resources.list({ type: 'workspaces', view: 'all' })) {
    const id = `${workspace.id}/jobs/${name}`
    if ((await platform.resources.find(id)) === undefined) continue
    if (!(await platform.access.can(actor, reading, id))) continue
    const { subscription = '', resourceGroup = '' } = parseArmId(workspace.id)
    return [subscription, resourceGroup, workspace.name].map(encodeURIComponent).join('.')
  }
  return undefined
}
