import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Action, Json } from '../../kernel/resources/resource.ts'
import { machineLearning } from '../../kernel/resources/arm-id.ts'
import { searchRows } from '../../store/search-rows.ts'

/** Kinds that people look for by name, with the ARM type of each; what is found is told in this order. */
export const searchable: Readonly<Record<string, string>> = {
  models: `${machineLearning}/workspaces/models`,
  data: `${machineLearning}/workspaces/data`,
  jobs: `${machineLearning}/workspaces/jobs`,
  onlineEndpoints: `${machineLearning}/workspaces/onlineEndpoints`,
  batchEndpoints: `${machineLearning}/workspaces/batchEndpoints`,
  releasePlans: 'Twinloop/releasePlans',
  schedules: `${machineLearning}/workspaces/schedules`,
  alertRules: 'Twinloop/alertRules',
  components: `${machineLearning}/workspaces/components`,
  environments: `${machineLearning}/workspaces/environments`,
  dataContracts: 'Twinloop/dataContracts',
  dataImports: 'Twinloop/dataImports',
  dataExports: 'Twinloop/dataExports',
  datastores: `${machineLearning}/workspaces/datastores`,
  computes: `${machineLearning}/workspaces/computes`,
  connections: `${machineLearning}/workspaces/connections`,
  eventSubscriptions: 'Twinloop/eventSubscriptions',
}

const mostWords = 8

const input = z.strictObject({
  text: z.string().min(1).max(256),
  kinds: z.array(z.string()).max(50).optional(),
  top: z.int().min(1).max(100).default(8),
})

/**
 * `POST {workspace}/search { text, kinds?, top? }`: what has all the words of the text in its name or display name, in
 * any case, at most `top` of each kind; those that begin with the text first, then the newest. Steps of pipelines are
 * found by their pipeline. Kinds that the caller may not read are left out.
 */
export const search: Action = {
  operation: 'read',
  input,
  async run({ platform, actor, resource, input: given }) {
    const { text, kinds, top } = given as z.infer<typeof input>
    const words = text.trim().split(/\s+/).filter(Boolean).slice(0, mostWords)
    const value: Json[] = []
    if (words.length === 0) return { body: { value } }
    for (const type of typesOf(kinds)) {
      if (!(await platform.access.can(actor, `${type}/read`, resource.id))) continue
      const rows = await searchRows(platform.store.db, {
        scope: resource.key,
        type: type.slice(type.indexOf('/') + 1),
        words,
        top,
      })
      for (const row of rows) {
        const { displayName, description, action } = JSON.parse(row.properties) as Json & {
          readonly action?: { readonly actionType?: string }
        }
        value.push({
          id: row.id,
          name: row.name,
          type,
          properties: {
            displayName: displayName ?? null,
            description: description ?? null,
            // What a schedule does: a monitor is one, too.
            ...(action?.actionType === undefined ? {} : { actionType: action.actionType }),
          },
          systemData: {
            createdAt: new Date(row.created_at).toISOString(),
            createdBy: row.created_by,
            lastModifiedAt: new Date(row.modified_at).toISOString(),
          },
        })
      }
    }
    return { body: { value } }
  },
}

function typesOf(kinds: readonly string[] | undefined): readonly string[] {
  if (kinds === undefined) return Object.values(searchable)
  const names = Object.keys(searchable)
  return kinds.map((kind) => {
    const known = names.find((name) => name.toLowerCase() === kind.toLowerCase())
    if (known !== undefined) return searchable[known] ?? ''
    const near = nearest(kind, names)
    throw errors.validation(
      `'${kind}' is no kind that is searched.${near === undefined ? '' : ` Did you mean '${near}'?`} There are ${names.join(', ')}.`,
      { target: 'kinds' },
    )
  })
}
