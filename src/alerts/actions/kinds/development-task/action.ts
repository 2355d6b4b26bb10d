import { z } from 'zod'
import { UserError } from '../../../../kernel/errors.ts'
import { remoteOf } from '../../../../release/ci/reports/remote.ts'
import { taskHosts } from '../../../../release/ci/tasks/tasks.ts'
import type { ActionContext, ActionKind } from '../../action.ts'
import { reportOf } from '../../evidence/report.ts'
import { repositoryFor } from '../../repository.ts'
import { filled, plain } from '../../../rules/evaluation/words.ts'

const text = z.string().trim().min(1)
const parameters = z.strictObject({
  /** A connected repository; default: the workspace's only one. */
  repository: text.optional(),
  /** Default: what fired. `{{ labels.name }}` and `{{ value }}` are filled in. */
  title: text.optional(),
  labels: z.array(text).default(['twinloop']),
  assignees: z.array(text).default([]),
  /** Of Azure DevOps: the type of the work item, as its process has it. */
  kind: text.default('Issue'),
  /** True: it is closed when the incident is over. */
  close: z.boolean().default(false),
})
type Parameters = z.infer<typeof parameters>

/** Opens an issue with the evidence where people develop: the loop back to the inner loop. */
export const developmentTask: ActionKind<Parameters> = {
  name: 'development_task',
  summary: 'Opens an issue in GitHub, GitLab or Azure DevOps, with the evidence and how to reproduce it.',
  parameters,
  subject: ({ repository }) => repository ?? '',
  async check({ repository }, context) {
    try {
      await repositoryFor(context, repository)
      return []
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return [{ path: ['repository'], message: error.message }]
    }
  },
  async rehearse(given, context) {
    const repository = await repositoryFor(context, given.repository)
    return `opens an issue in ${repository.properties.url}: ${titleOf(given, context)}`
  },
  async advance(given, context) {
    const { platform, signal, key } = context
    const repository = await repositoryFor(context, given.repository)
    const { kind, remote } = await remoteOf(platform, repository, signal)
    const { number, url } = await taskHosts[kind].open(remote, {
      title: titleOf(given, context),
      body: await reportOf(context),
      mark: markOf(key),
      labels: given.labels,
      assignees: given.assignees,
      kind: given.kind,
    })
    return {
      done: `opened issue ${number} in ${repository.name}: ${url}`,
      made: [url],
      state: { number },
    }
  },
  async resolve(given, context) {
    const { platform, signal, key, state, alert } = context
    const number = String(state['number'])
    const repository = await repositoryFor(context, given.repository)
    const { kind, remote } = await remoteOf(platform, repository, signal)
    const over = `${platform.clock().toISOString().slice(0, 16).replace('T', ' ')} UTC`
    await taskHosts[kind].comment(remote, number, {
      body: `It is over since ${over}. It was: ${alert.summary}.`,
      mark: markOf(key),
      closes: given.close,
    })
    return { done: `told issue ${number} that it is over${given.close ? ', and closed it' : ''}` }
  },
}

const markOf = (key: string) => `twinloop-${key}`

const titleOf = ({ title }: Parameters, { rule, alert }: ActionContext): string =>
  title === undefined
    ? `${rule.name}: ${alert.summary}`
    : filled(title, { value: plain(alert.value), labels: alert.labels })
