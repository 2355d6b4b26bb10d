import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { clean } from '../../present/present.ts'

interface Activity {
  readonly eventTimestamp: string
  readonly caller: string
  readonly operationName: { readonly value: string }
  readonly resourceId: string
  readonly correlationId: string
  readonly properties: { readonly detail: string }
}

const mostDefault = 50

const list = defineCommand({
  noun: 'activity-log',
  verb: 'list',
  summary: 'Lists who wrote what and when, the newest first; of the workspace unless it is told otherwise.',
  flags: {
    caller: { type: 'text', placeholder: 'NAME', summary: 'Only what this person or program did.' },
    resourceId: { type: 'text', placeholder: 'ID', summary: 'Only of this resource and what is below it.' },
    server: { type: 'switch', summary: 'Of the whole server, people and programs included.' },
    operation: { type: 'text', placeholder: 'TEXT', summary: 'Only operations with this in their name.' },
    startTime: { type: 'text', placeholder: 'TIME', summary: 'Since then, ISO 8601.' },
    endTime: { type: 'text', placeholder: 'TIME', summary: 'Until then.' },
    correlationId: { type: 'text', placeholder: 'ID', summary: 'Of this request (x-ms-request-id).' },
    maxEvents: { type: 'integer', placeholder: 'N', summary: `At most so many. Default ${mostDefault}.` },
  },
  table: { Time: 'time', Caller: 'caller', Did: 'did', Operation: 'operation', Resource: 'resource' },
  examples: [
    'twinloop activity-log list -o table',
    'twinloop activity-log list --caller ana --start-time 2026-11-01 --max-events 200',
    'twinloop activity-log list --server --operation roleAssignments -o table',
  ],
  async run({ flags, client }) {
    const api = await client()
    const subscription = `/subscriptions/${api.connection.subscription}`
    // As az has it, a resource group alone is asked about as a whole.
    const byGroup =
      flags.resourceGroup !== undefined && flags.workspaceName === undefined && flags.resourceId === undefined
    const filter = conditions({
      'eventTimestamp ge': flags.startTime,
      'eventTimestamp le': flags.endTime,
      'caller eq': flags.caller,
      'operations eq': flags.operation,
      'correlationId eq': flags.correlationId,
      'resourceGroupName eq': byGroup ? flags.resourceGroup : undefined,
      'resourceUri eq': flags.server || byGroup ? undefined : (flags.resourceId ?? api.workspaceId),
    })
    const found = await read(
      (path, query) => api.get(path, query),
      `${api.connection.url}${flags.server ? '' : subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
      filter,
      flags.maxEvents ?? mostDefault,
    )
    return found.map(({ eventTimestamp, caller, operationName, resourceId, correlationId, properties }) =>
      clean({
        time: eventTimestamp,
        caller,
        did: properties.detail,
        operation: operationName.value,
        resource: resourceId,
        request: correlationId || undefined,
      }),
    )
  },
})

const conditions = (wanted: Readonly<Record<string, string | undefined>>) =>
  Object.entries(wanted)
    .flatMap(([what, value]) => (value === undefined ? [] : [`${what} '${value.replaceAll("'", "''")}'`]))
    .join(' and ')

/** Entries page by page, up to `most`. */
async function read(
  get: <T>(path: string, query?: Readonly<Record<string, string>>) => Promise<T>,
  url: string,
  filter: string,
  most: number,
): Promise<readonly Activity[]> {
  interface Page {
    readonly value: readonly Activity[]
    readonly nextLink?: string
  }
  const found: Activity[] = []
  const query = { $filter: filter, $top: String(Math.min(most, 1000)) }
  for (let page = await get<Page>(url, query); ; page = await get<Page>(page.nextLink ?? '')) {
    found.push(...page.value)
    if (found.length >= most || page.nextLink === undefined) return found.slice(0, most)
  }
}

export const commands: readonly Command[] = [list]
