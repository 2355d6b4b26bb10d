import { identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { collectedFiles, withCollected } from '../../../serving/collection/collected.ts'
import { enabledCollections } from '../../../serving/collection/settings.ts'
import { groundTruth } from '../../../serving/collection/labels.ts'
import type { DeploymentProperties } from '../../../serving/deployments/settings.ts'
import { parseArmId } from '../../../kernel/resources/arm-id.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import type { DataSource } from '../../monitors/monitor.ts'
import { NoData } from '../population.ts'
import { labelTimeColumn, toldColumn } from '../roles.ts'
import {
  windowInWords,
  windowOf,
  type Part,
  type PopulationsOf,
  type TimeWindow,
  type Written,
} from './part.ts'
import { inWindow, nothingInWindow, timeColumnOf } from './time-filter.ts'

/** All that was ever collected: where rows are told by a time of their own, any file may have some of the window. */
const ever: TimeWindow = { from: new Date(0), to: new Date(Date.UTC(9999, 0)) }

/** `deployment blue of endpoint flights` */
export function deploymentInWords(id: string): string {
  const [, endpoint = '', deployment = ''] = parseArmId(id).names
  return `deployment ${deployment} of endpoint ${endpoint}`
}

/** What was collected of the monitor's deployment: inputs, outputs and labels side by side. */
export function collectedPart(given: PopulationsOf, source: DataSource): Part {
  const { platform, monitor, at, signal } = given
  const id = monitor.deployment
  if (id === undefined)
    throw new NoData(
      'The monitor names no deployment, and the signal no input_data: there is nothing to read.',
    )
  const shown = `what was collected of ${deploymentInWords(id)}`
  const window = windowOf(source, at)
  const time = toldColumn(source.columns, 'time')
  const arrived = time === undefined && window !== undefined ? window : ever
  const deployment = async (): Promise<Resource> => {
    const found = await platform.resources.find(id)
    if (found !== undefined) return found
    throw new NoData(`There is no ${deploymentInWords(id)} any more.`)
  }
  return {
    shown,
    source,
    window,
    correlationId: toldColumn(source.columns, 'correlationId') ?? 'correlationid',
    async identity() {
      const files = await collectedFiles(platform, await deployment(), arrived)
      const digests = [...files].map(([name, blobs]) => [
        name,
        blobs.map(({ path, digest }) => [path, digest]),
      ])
      return { deployment: id.toLowerCase(), window: window ?? null, time: time ?? null, digests }
    },
    async write(file, folder) {
      const found = await deployment()
      return withCollected(
        platform,
        found,
        arrived,
        async ({ session, views }) => {
          if (!views.some((view) => view.startsWith('model_'))) throw nothing(found, shown, arrived)
          const written = await joinedView(session, views)
          const filter = await filterOf(session, time, window, shown)
          await session.run(
            `copy (select * from joined where ${filter}) to ${literal(file)} (format parquet, compression zstd)`,
          )
          return written
        },
        { signal, writes: [folder] },
      )
    },
  }
}

async function filterOf(
  session: Session,
  time: string | undefined,
  window: TimeWindow | undefined,
  shown: string,
): Promise<string> {
  if (time === undefined || window === undefined) return 'true'
  const { columns } = await session.all('from joined limit 0')
  const column = timeColumnOf(time, { columns, shown })
  const filter = inWindow(column, window)
  const { rows } = await session.all(`select 1 from joined where ${filter} limit 1`)
  return rows.length > 0 ? filter : nothingInWindow(session, { relation: 'joined', shown }, column, window)
}

/** Nothing came in: because nothing is collected, or because nothing was asked. */
function nothing(deployment: Resource, shown: string, window: TimeWindow): NoData {
  const { dataCollector } = deployment.properties as DeploymentProperties
  const enabled = [...enabledCollections(dataCollector).keys()].filter((name) => name.startsWith('model_'))
  if (enabled.length === 0)
    return new NoData(
      `${capital(deploymentInWords(deployment.id))} does not collect its inputs and outputs: enable model_inputs and model_outputs in its data_collector.`,
    )
  return new NoData(
    window === ever
      ? `Nothing is in ${shown} yet.`
      : `Nothing is in ${shown} ${windowInWords(window)}: it answered no requests then, or they are not written yet.`,
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const own = ['correlationid', 'row', 'time']

/** The view `joined`: what was collected, with the times at which labels came in, and which columns are whose. */
async function joinedView(session: Session, views: readonly string[]): Promise<Written> {
  const namesOf = async (view: string) =>
    (await session.all(`from ${identifier(view)} limit 0`)).columns
      .map(({ name }) => name)
      .filter((name) => !own.includes(name))
  const apart = ['model_inputs', 'model_outputs'].filter((view) => views.includes(view))
  const parts = apart.length > 0 ? apart : ['model_inputs_outputs']
  const hasLabels = views.includes(groundTruth)
  const taken = new Set<string>(own)
  const shown = async (view: string) => {
    if (!views.includes(view)) return []
    return (await namesOf(view)).map((name) => {
      const unique = taken.has(name) ? `${view}.${name}` : name
      taken.add(unique)
      return unique
    })
  }
  const inputs = parts.includes('model_inputs') ? await shown('model_inputs') : []
  const outputs = parts.includes('model_outputs') ? await shown('model_outputs') : []
  if (parts.includes('model_inputs_outputs')) await shown('model_inputs_outputs')
  const truth = hasLabels ? await shown(groundTruth) : []
  await session.run(
    hasLabels
      ? `create view joined as select collected.*, ${groundTruth}.time as ${identifier(labelTimeColumn)}
           from collected left join ${groundTruth}
           on collected.correlationid = ${groundTruth}.correlationid and collected."row" = ${groundTruth}."row"`
      : 'create view joined as from collected',
  )
  return {
    inputs,
    outputs,
    truth,
    own: hasLabels ? [...own, labelTimeColumn] : own,
    notes: hasLabels ? await labelNotes(session) : [],
  }
}

/** Of several labels of a row the last counts; a reader should know that there were several. */
async function labelNotes(session: Session): Promise<readonly string[]> {
  const { rows } = await session.all(
    `select count(*) from (select correlationid, coalesce(first_row, 0) from ${identifier(`${groundTruth} events`)}
       semi join collected using (correlationid) group by all having count(*) > 1)`,
  )
  const several = Number(rows[0]?.[0] ?? 0)
  return several === 0
    ? []
    : [`Rows with several labels: ${several.toLocaleString('en')}. The last one counts.`]
}
