import { z } from 'zod'
import { parse } from 'yaml'
import type { Session } from '../../../analytics/analytics.ts'
import { identifier } from '../../../analytics/analytics.ts'
import { listing } from '../../../data/contracts/words/say.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { ReleasedModel } from '../gate.ts'
import { modelText, withModelFiles } from '../model-files.ts'
import { signatureIn, type Signature } from '../signature/signature.ts'
import type { OfflineAnswer } from './agreement.ts'

/** What is sent: bodies of requests, and what the model answers to their rows offline, where that is known. */
export interface Requests {
  readonly bodies: readonly string[]
  /** One list a body, one value a row of it; undefined where nobody asked the model offline. */
  readonly expected?: readonly (readonly OfflineAnswer[])[]
  /** Where they are from, for people. */
  readonly from: string
}

const example = z.looseObject({
  saved_input_example_info: z
    .looseObject({ artifact_path: z.string().optional(), serving_input_path: z.string().optional() })
    .nullish(),
})

const split = z.looseObject({ columns: z.array(z.unknown()), data: z.array(z.array(z.unknown())).min(1) })

/** Requests of the rows that the model was logged with as its input example; undefined if it was logged without. */
export async function requestsOfExample(
  platform: Platform,
  model: ReleasedModel,
  rowsPerRequest: number,
): Promise<Requests | undefined> {
  return withModelFiles(platform, model, async (files) => {
    const { saved_input_example_info: info } = example.parse(
      parse((await modelText(files, 'MLmodel')) ?? '{}') ?? {},
    )
    const path = info?.serving_input_path ?? info?.artifact_path
    const text = path === undefined ? undefined : await modelText(files, path)
    if (text === undefined) return undefined
    const from = `the input example of ${model.name}:${model.version}`
    const found = JSON.parse(text) as { readonly dataframe_split?: unknown; readonly inputs?: unknown }
    const table = split.safeParse(found.dataframe_split ?? found)
    if (table.success) return { bodies: bodiesOf(table.data.columns, table.data.data, rowsPerRequest), from }
    if (Array.isArray(found.inputs) && found.inputs.length > 0)
      return {
        bodies: batches(found.inputs, rowsPerRequest).map((inputs) => JSON.stringify({ inputs })),
        from,
      }
    return { bodies: [text], from }
  })
}

/** What columns of a table a model takes: those of its signature, or all but those that are none of its inputs. */
export async function signatureOf(platform: Platform, model: ReleasedModel): Promise<Signature | undefined> {
  return withModelFiles(platform, model, async (files) => {
    const text = await modelText(files, 'MLmodel')
    return text === undefined ? undefined : signatureIn(text)
  })
}

/**
 * Requests of so many different rows of the view `data` in a session, chosen by the seed, the same whenever they are asked
 * for. `expected` names the columns with the model's own answers. Throws badRequest for a table without a column that the
 * model needs.
 */
export async function requestsOfRows(
  session: Session,
  of: {
    readonly columns: readonly string[]
    readonly signature: Signature | undefined
    readonly left: readonly string[]
    readonly expected?: { readonly prediction: string; readonly probabilities: readonly string[] }
    readonly rows: number
    readonly rowsPerRequest: number
    readonly seed: number
    readonly where?: string
    readonly from: string
  },
): Promise<Requests> {
  const columns = inputsIn(of.columns, of.signature, of.left)
  const answers = of.expected === undefined ? [] : [of.expected.prediction, ...of.expected.probabilities]
  const wanted = [...columns, ...answers].map(identifier)
  const number = identifier('twinloop_order')
  const sql = `select ${wanted.join(', ')} from (select *, row_number() over () as ${number} from data)${
    of.where === undefined ? '' : ` where ${of.where}`
  } order by hash(${number} + ${of.seed}), ${number}`
  const { rows } = await session.select(sql, { limit: of.rows })
  if (rows.length === 0) throw errors.badRequest(`There are no rows in ${of.from}.`)
  const data = rows.map((row) => row.slice(0, columns.length))
  return {
    bodies: bodiesOf(columns, data, of.rowsPerRequest),
    ...(of.expected === undefined
      ? {}
      : {
          expected: batches(
            rows.map((row) => ({
              prediction: row[columns.length] ?? null,
              probabilities: row.slice(columns.length + 1),
            })),
            of.rowsPerRequest,
          ),
        }),
    from: of.from,
  }
}

function inputsIn(
  columns: readonly string[],
  signature: Signature | undefined,
  left: readonly string[],
): readonly string[] {
  const named = signature?.inputs.filter(({ name }) => name !== undefined) ?? []
  if (named.length === 0) return columns.filter((name) => !left.includes(name))
  const missing = named.filter(({ name = '', required }) => required && !columns.includes(name))
  if (missing.length > 0)
    throw errors.badRequest(
      `The data have no column ${listing(missing.map(({ name = '' }) => name))}, which the model needs; they have ${listing(columns, 20)}.`,
    )
  return named.flatMap(({ name = '' }) => (columns.includes(name) ? [name] : []))
}

const bodiesOf = (columns: readonly unknown[], rows: readonly (readonly unknown[])[], most: number) =>
  batches(rows, most).map((data) =>
    JSON.stringify({ input_data: { columns, index: [...data.keys()], data } }),
  )

const batches = <T>(items: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
