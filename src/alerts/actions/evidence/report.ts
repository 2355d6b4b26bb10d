import { plain as figure } from '../../rules/evaluation/words.ts'
import { plain, table } from '../../../release/ci/reports/words.ts'
import type { ActionContext } from '../action.ts'
import { urlOf, workspaceName } from '../links.ts'
import { endpointTarget, trafficOf } from '../targets.ts'
import { historyOf, type History } from './history.ts'

/**
 * What people need to look into an alert, in Markdown: what fired, the values over time, where to look, and commands
 * that bring the data and run it again on their machine.
 */
export async function reportOf(context: ActionContext): Promise<string> {
  const { platform, workspaceId, rule, alert, incident } = context
  const history = await historyOf(platform, workspaceId, rule, alert)
  const facts = [
    ['What', alert.summary],
    ['Rule', rule.name],
    ['Severity', rule.severity],
    ['Since', `${alert.firedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    ...Object.entries(alert.labels).filter(([name]) => !['alertname', 'severity'].includes(name)),
    ['Workspace', workspaceName(workspaceId)],
  ]
  const { description, summary, runbook_url: runbook } = rule.annotations
  const links = [
    ...(incident === undefined ? [] : [`[The incident](${urlOf(platform, incident)})`]),
    `[The rule](${urlOf(platform, rule.id)})`,
    ...(runbook !== undefined && URL.canParse(runbook) ? [`[Runbook](${runbook})`] : []),
  ]
  return [
    ...(description === undefined && summary === undefined ? [] : [plain(description ?? summary ?? '')]),
    table(
      ['', ''],
      facts.map(([name = '', value = '']) => [name, value]),
    ),
    ...(history === undefined || history.values.length === 0 ? [] : valuesIn(history)),
    '### To see it yourself',
    '```sh',
    (await commands(context)).join('\n'),
    '```',
    links.join(' · '),
  ]
    .join('\n\n')
    .replaceAll('```sh\n\n', '```sh\n')
    .replaceAll('\n\n```\n', '\n```\n')
}

const valuesIn = ({ subject, limit, values }: History) => [
  `### ${plain(subject)}, which is not to be ${plain(limit)}`,
  table(
    ['until', 'value'],
    values.map(({ at, value }) => [
      `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      value === null ? 'nothing measured' : figure(value),
    ]),
  ),
]

/** Commands by which somebody gets at what the alert is about: its story, its data, the job that made the model. */
async function commands(context: ActionContext): Promise<readonly string[]> {
  const { platform, workspaceId, alert, incident, rule } = context
  const workspace = `-w ${workspaceName(workspaceId)}`
  const number = incident?.split('/').at(-1)
  const found = [
    ...(number === undefined ? [] : [`twinloop incident show ${number} ${workspace}`]),
    `twinloop alert-rule show -n ${rule.name} ${workspace}`,
  ]
  const { monitor } = alert.labels
  if (monitor !== undefined) found.push(`twinloop monitor values -n ${monitor} ${workspace}`)
  try {
    const endpoint = await endpointTarget(context, undefined, alert.labels)
    const [main] = [...trafficOf(endpoint)].toSorted(([, a], [, b]) => b - a)
    const name = alert.labels['deployment'] ?? main?.[0]
    if (name === undefined) return found
    const since = new Date(alert.firedAt.getTime() - 7 * 86_400_000).toISOString().slice(0, 10)
    found.push(
      `twinloop online-deployment collected -n ${name} -e ${endpoint.name} --since ${since} --rows 10000 -o csv ${workspace} > production.csv`,
    )
    const deployment = await platform.resources.find(`${endpoint.id}/deployments/${name}`)
    const id = deployment?.properties['model']
    const model = typeof id === 'string' ? /\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(id) : null
    if (typeof id !== 'string' || model === null) return found
    found.push(`twinloop model download -n ${model[1]} -v ${model[2]} ${workspace}`)
    const version = await platform.resources.find(id)
    const { pipeline, job } = (version?.status['lineage'] ?? {}) as {
      readonly pipeline?: string
      readonly job?: string
    }
    const made = pipeline ?? job
    if (made !== undefined)
      found.push(`twinloop job show -n ${made} -o yaml ${workspace}   # what trained it`)
  } catch {
    // The alert is about no endpoint: there is nothing to score again.
  }
  return found
}
