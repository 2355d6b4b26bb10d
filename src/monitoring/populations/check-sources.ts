import { withTables } from '../../data/tables/with-tables.ts'
import { UserError } from '../../kernel/errors.ts'
import type { DataSource } from '../monitors/monitor.ts'
import { checkPreprocessing } from '../signals/jobs/sources.ts'
import type { MonitorMistake, SignalCheck } from '../signals/signal.ts'
import { NoData } from './population.ts'
import { noColumn } from './roles.ts'
import { signatureNames } from './signature.ts'
import { trainingData } from './sources/parts.ts'
import { timeColumnOf } from './sources/time-filter.ts'
import { collects, watchedDeployments, watchedInWords } from './sources/watched.ts'
import { toldColumn } from './roles.ts'

/** Columns of a source, where they are known before anything is collected. */
interface Known {
  readonly shown: string
  readonly columns?: readonly string[]
}

type Path = readonly (string | number)[]

/**
 * What is wrong with what a signal would read: data that are not there or cannot be read, a deployment that is not there
 * or collects nothing, columns that the data do not have, a window of rows that tell no time. Empty where all is well.
 */
export async function checkSources(given: SignalCheck): Promise<readonly MonitorMistake[]> {
  const { planned } = given
  const mistakes: MonitorMistake[] = []
  const known: Known[] = []
  const look = async (source: DataSource, path: Path) => {
    const found = await checkSource(given, source, path)
    if (Array.isArray(found)) mistakes.push(...(found as readonly MonitorMistake[]))
    else known.push(found as Known)
  }
  for (const [i, source] of planned.production.entries())
    await look(source, planned.production.length === 1 ? ['production_data'] : ['production_data', i])
  const production = mistakes.length > 0 ? [] : [together(known.splice(0))]
  if (planned.reference !== undefined) await look(planned.reference, ['reference_data'])
  return [...mistakes, ...columnMistakes(given, [...production, ...known])]
}

/** Sources that are joined have the columns of all; they are known if those of each are. */
const together = (known: readonly Known[]): Known => ({
  shown: known.map(({ shown }) => shown).join(' and '),
  ...(known.every(({ columns }) => columns !== undefined)
    ? { columns: known.flatMap(({ columns = [] }) => columns) }
    : {}),
})

async function checkSource(
  given: SignalCheck,
  source: DataSource,
  path: Path,
): Promise<Known | readonly MonitorMistake[]> {
  const at = (message: string, ...rest: Path) => [{ path: [...path, ...rest], message }]
  try {
    if (source.preprocessing !== undefined) {
      await checkPreprocessing(given, source.preprocessing)
      return { shown: `what ${source.preprocessing} makes` }
    }
    const uri = source.uri ?? (source.context === 'training' ? await trainingData(given) : undefined)
    return uri === undefined ? await checkCollected(given, at) : await checkTable(given, source, uri, at)
  } catch (error) {
    if (error instanceof NoData || error instanceof UserError)
      return at(error.message, source.preprocessing === undefined ? 'input_data' : 'pre_processing_component')
    throw error
  }
}

type At = (message: string, ...rest: Path) => readonly MonitorMistake[]

async function checkTable(
  { platform, workspaceId }: SignalCheck,
  source: DataSource,
  uri: string,
  at: At,
): Promise<Known | readonly MonitorMistake[]> {
  const columns = await withTables(
    platform,
    workspaceId,
    { data: uri },
    async (session) => (await session.all('from data limit 0')).columns,
  )
  const names = columns.map(({ name }) => name)
  const missing = Object.entries(source.columns).filter(([, column]) => !names.includes(column))
  if (missing.length > 0)
    return missing.flatMap(([key, column]) =>
      at(noColumn(column, { columns: names, source: uri }), 'data_column_names', key),
    )
  try {
    if (source.window.kind !== 'whole')
      timeColumnOf(toldColumn(source.columns, 'time'), { columns, shown: uri })
  } catch (error) {
    if (error instanceof NoData) return at(error.message, 'data_column_names')
    throw error
  }
  return { shown: uri, columns: names }
}

async function checkCollected(given: SignalCheck, at: At): Promise<Known | readonly MonitorMistake[]> {
  const { platform, monitor, model } = given
  const id = monitor.deployment ?? monitor.endpoint
  if (id === undefined)
    return at(
      'There is nothing to read: name data in input_data, or a deployment in monitoring_target.endpoint_deployment_id.',
    )
  if ((await platform.resources.find(id)) === undefined) return at(`There is no ${watchedInWords(id)}.`)
  if (!(await watchedDeployments(platform, monitor)).some(collects))
    return at(
      `The ${watchedInWords(id)} does not collect its inputs and outputs: enable model_inputs and model_outputs in its data_collector.`,
    )
  const signature = await signatureNames(platform, model)
  return {
    shown: `the signature of the model of ${watchedInWords(id)}`,
    // Columns of outputs and labels are known when there are some; inputs are the signature's.
    ...(signature === undefined || signature.inputs.length === 0 ? {} : { columns: signature.inputs }),
  }
}

/** Features, types and segments that a source is known not to have. */
function columnMistakes({ planned }: SignalCheck, known: readonly Known[]): readonly MonitorMistake[] {
  const { features, types, segment, segments } = planned
  // What a model gives and what came true are features, too, of some signals; of the collected ones no name is known.
  const isOutput = planned.production.every(({ context }) => context === 'model_outputs')
  const asked: (readonly [Path, string])[] = [
    ...('names' in features && !isOutput
      ? features.names.map((name, i) => [['features', i], name] as const)
      : []),
    ...(isOutput ? [] : Object.keys(types).map((name) => [['feature_type_override', name], name] as const)),
    ...(segment === undefined ? [] : [[['data_segment', 'feature_name'], segment.feature] as const]),
    ...segments.map((name, i) => [['segments', i], name] as const),
  ]
  return known.flatMap(({ columns, shown }) =>
    columns === undefined
      ? []
      : asked.flatMap(([path, name]) =>
          columns.includes(name) ? [] : [{ path, message: noColumn(name, { columns, source: shown }) }],
        ),
  )
}
