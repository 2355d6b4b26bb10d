import { AnalyticsError, identifier, type Session } from '../../analytics/analytics.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import { parseReference } from '../locations.ts'
import { resolve } from '../resolve.ts'
import { withTables } from '../tables/with-tables.ts'
import { answerOf, type DataAnswer } from './answer.ts'
import { pointAt, readQuestion } from './table-names.ts'

/** Who asks, and from inside of which workspace. */
export interface Asking {
  readonly platform: Platform
  readonly actor: Actor
  readonly workspaceId: string
  /** Aborts when whoever asks does not wait for the answer any more. */
  readonly signal?: AbortSignal
}

/** A question takes no longer than this; what takes longer is a profile or a job. */
const timeoutMs = 60_000

const limitsOf = ({ signal }: Asking) => ({ timeoutMs, ...(signal === undefined ? {} : { signal }) })

/**
 * Answers a SQL question of `tables` (references by name) and of every data asset that it names: `flights` (its
 * latest version), `flights:3`, `flights@latest`, and references in double quotes. Throws notFound with the nearest
 * name, forbidden for data that the actor may not read, and badRequest with the place in the question.
 */
export async function askData(
  asking: Asking,
  question: {
    readonly sql: string
    readonly limit: number
    readonly tables?: Readonly<Record<string, string>>
  },
): Promise<DataAnswer> {
  const { platform, workspaceId } = asking
  const began = performance.now()
  const { sql, references } = await understand(asking, question.sql, question.tables)
  return withTables(
    platform,
    workspaceId,
    references,
    async (session, read) => {
      const table = await withNearestColumn(session, Object.keys(references), () =>
        session.select(sql, { limit: question.limit }),
      )
      return answerOf(table, read, Math.round(performance.now() - began))
    },
    limitsOf(asking),
  )
}

/**
 * A question as DuckDB parses it, with the reference that each name of a table in it stands for, all of which the actor
 * may read. Reads no data. Throws as `askData`.
 */
export async function understand(
  asking: Asking,
  question: string,
  given: Readonly<Record<string, string>> = {},
): Promise<{ readonly sql: string; readonly references: Readonly<Record<string, string>> }> {
  const { sql, tables } = await asking.platform.analytics.session(limitsOf(asking), (session) =>
    readQuestion(session, question),
  )
  const references: Record<string, string> = { ...given }
  const taken = new Set(Object.keys(given).map((name) => name.toLowerCase()))
  for (const { name, at } of tables)
    if (!taken.has(name.toLowerCase())) references[name] = await referenceOf(asking, name, pointAt(sql, at))
  for (const reference of Object.values(references)) await checkReadable(asking, reference)
  return { sql, references }
}

/** Some rows of data, and of all or some of its columns, as they stand. Throws as `askData`. */
export async function previewData(
  asking: Asking,
  given: {
    readonly reference: string
    readonly limit: number
    readonly offset: number
    readonly columns?: readonly string[] | undefined
  },
): Promise<DataAnswer> {
  const began = performance.now()
  await checkReadable(asking, given.reference)
  return withTables(
    asking.platform,
    asking.workspaceId,
    { data: given.reference },
    async (session, read) => {
      const chosen = given.columns ?? []
      await checkColumns(session, chosen)
      const list = chosen.length === 0 ? '*' : chosen.map(identifier).join(', ')
      const table = await session.select(`select ${list} from data offset ${given.offset}`, {
        limit: given.limit,
      })
      return answerOf(table, read, Math.round(performance.now() - began))
    },
    limitsOf(asking),
  )
}

/** The reference that a name in SQL stands for. */
async function referenceOf({ platform, workspaceId }: Asking, name: string, place: string): Promise<string> {
  if (/^(?:azureml:|[a-z][a-z0-9+.-]*:\/)/i.test(name)) return name
  const [, asset = name, mark, which] = /^([^:@]+)(?:([:@])(.+))?$/.exec(name) ?? []
  const id = childId(workspaceId, 'data', asset)
  if ((await platform.resources.find(id)) !== undefined)
    return `azureml:${asset}${mark ?? '@'}${which ?? 'latest'}`
  const all = await platform.resources.list({ type: 'workspaces/data', parent: workspaceId.toLowerCase() })
  const near = nearest(
    asset,
    all.map((found) => found.name),
  )
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`
  throw errors.notFound(`There is no data asset '${asset}'.${hint}\n\n${place}`)
}

/** Throws forbidden unless the actor may read these bytes: as those of an asset, or as those of a datastore. */
async function checkReadable({ platform, actor, workspaceId }: Asking, reference: string): Promise<void> {
  const { asset } = await resolve(platform, workspaceId, parseReference(reference))
  await (asset === undefined
    ? platform.access.require(
        actor,
        'Microsoft.MachineLearningServices/workspaces/datastores/read',
        workspaceId,
      )
    : platform.access.require(
        actor,
        'Microsoft.MachineLearningServices/workspaces/data/versions/read',
        asset.id,
      ))
}

async function checkColumns(session: Session, wanted: readonly string[]): Promise<void> {
  if (wanted.length === 0) return
  const names = await columnsOf(session, 'data')
  for (const name of wanted) {
    if (names.some((n) => n.toLowerCase() === name.toLowerCase())) continue
    const near = nearest(name, names)
    throw errors.badRequest(
      `There is no column '${name}'. ${near === undefined ? `There are ${names.slice(0, 20).join(', ')}.` : `Did you mean '${near}'?`}`,
      { target: 'columns' },
    )
  }
}

async function columnsOf(session: Session, view: string): Promise<readonly string[]> {
  const { rows } = await session.all(`select column_name from (describe ${identifier(view)})`)
  return rows.map(([name]) => name as string)
}

/** DuckDB names near columns only among those that the question speaks of; this names the nearest of all tables. */
export async function withNearestColumn<T>(
  session: Session,
  views: readonly string[],
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    const missing =
      error instanceof AnalyticsError
        ? /Referenced column "([^"]+)" not found/.exec(error.message)?.[1]
        : undefined
    if (missing === undefined) throw error
    const names = (await Promise.all(views.map((view) => columnsOf(session, view)))).flat()
    const near = nearest(missing, names)
    const place = /\n\nLINE \d+:[^]*$/.exec((error as Error).message)?.[0] ?? ''
    const hint =
      near === undefined ? `There are ${names.slice(0, 20).join(', ')}.` : `Did you mean '${near}'?`
    throw errors.badRequest(`There is no column '${missing}'. ${hint}${place}`, {
      target: 'sql',
      cause: error,
    })
  }
}
