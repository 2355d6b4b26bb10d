import { z } from 'zod'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Action, ActionContext } from '../../kernel/resources/resource.ts'
import { askData, previewData } from './ask.ts'

/** Rows that one answer may have: what is more is a file's business. */
const mostRows = 10_000

const limit = z.number().int().min(1).max(mostRows)
const tables = z.record(z.string().min(1), z.string().min(1)).optional()
const question = z.object({ sql: z.string().trim().min(1), limit: limit.default(1000), tables })
const range = z.object({
  limit: limit.default(20),
  offset: z.number().int().min(0).default(0),
  columns: z.array(z.string()).optional(),
})
const anywhere = range.extend({ reference: z.string().min(1) })

const askingOf = ({
  platform,
  actor,
  id,
  signal,
}: Pick<ActionContext, 'platform' | 'actor' | 'id' | 'signal'>) => ({
  platform,
  actor,
  workspaceId: scopeId(id) ?? id,
  ...(signal === undefined ? {} : { signal }),
})

/** `POST …/data/{name}/versions/{version}/preview`: some rows of it. */
export const preview: Action = {
  operation: 'read',
  input: range,
  async run(context) {
    const given = context.input as z.infer<typeof range>
    return { body: await previewData(askingOf(context), { ...given, reference: context.id }) }
  },
}

/** `POST …/data/{name}/versions/{version}/query`: a SQL question of it as `data`, and of others by their names. */
export const query: Action = {
  operation: 'read',
  input: question,
  async run(context) {
    const { sql, limit: most, tables: others } = context.input as z.infer<typeof question>
    return {
      body: await askData(askingOf(context), { sql, limit: most, tables: { ...others, data: context.id } }),
    }
  },
}

/** The same of the whole workspace: of any path, and of assets by the names that a question gives them. */
export const workspaceActions: Readonly<Record<string, Action>> = {
  previewData: {
    operation: 'data/versions/read',
    input: anywhere,
    async run(context) {
      return { body: await previewData(askingOf(context), context.input as z.infer<typeof anywhere>) }
    },
  },
  queryData: {
    operation: 'data/versions/read',
    input: question,
    async run(context) {
      const { sql, limit: most, tables: given } = context.input as z.infer<typeof question>
      return {
        body: await askData(askingOf(context), {
          sql,
          limit: most,
          ...(given === undefined ? {} : { tables: given }),
        }),
      }
    },
  },
}
