import { join } from 'node:path'
import { identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { withCollected } from '../../../serving/collection/reading/collected.ts'
import { collectedFiles } from '../../../serving/collection/reading/files.ts'
import { groundTruth } from '../../../serving/collection/labels/labels.ts'
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
import { collects, watchedDeployments, watchedInWords } from './watched.ts'

/** All that was ever collected: where rows are told by a time of their own, any file may have some of the window. */
const ever: TimeWindow = { from: new Date(0), to: new Date(Date.UTC(9999, 0)) }

/**
 * What was collected of the monitor's deployment, or of all deployments of its endpoint: inputs, outputs and labels side by
 * side. A request that several deployments got (a mirrored one) counts once, as the one that answers has it.
 */
export function collectedPart(given: PopulationsOf, source: DataSource): Part {
  const { platform, monitor, at, signal } = given
  const shown = `what was collected of ${watchedInWords(monitor.deployment ?? monitor.endpoint ?? '')}`
  const window = windowOf(source, at)
  const time = toldColumn(source.columns, 'time')
  const arrived = time === undefined && window !== undefined ? window : ever

  const writeOne = (deployment: Resource, file: string, folder: string): Promise<Written> =>
    withCollected(
      platform,
      deployment,
      arrived,
      async ({ session, views }) => {
        if (!views.some((view) => view.startsWith('model_'))) throw nothing(deployment, arrived)
        const written = await joinedView(session, views)
        const filter = await filterOf(session, time, window, shown)
        await session.run(
          `copy (select * from joined where ${filter}) to ${literal(file)} (format parquet, compression snappy)`,
        )
        return written
      },
      { signal, writes: [folder] },
    )

  return {
    shown,
    source,
    window,
    correlationId: toldColumn(source.columns, 'correlationId') ?? 'correlationid',
    async identity() {
      const digests = []
      for (const deployment of await watchedDeployments(platform, monitor)) {
        const files = await collectedFiles(platform, deployment, arrived)
        const named = [...files].map(([name, blobs]) => [
          name,
          blobs.map(({ path, digest }) => [path, digest]),
        ])
        digests.push([deployment.key, named])
      }
      return { window: window ?? null, time: time ?? null, digests }
    },
    async write(file, folder) {
      const deployments = await watchedDeployments(platform, monitor)
      const [only] = deployments
      if (only !== undefined && deployments.length === 1) return writeOne(only, file, folder)
      const parts: { readonly path: string; readonly written: Written }[] = []
      const reasons: NoData[] = []
      for (const [i, deployment] of deployments.entries()) {
        const path = join(folder, `deployment-${i}.parquet`)
        try {
          parts.push({ path, written: await writeOne(deployment, path, folder) })
        } catch (error) {
          if (!(error instanceof NoData)) throw error
          reasons.push(error)
        }
      }
      if (parts.length === 0) throw reasons[0] ?? new NoData(`Nothing is in ${shown}.`)
      await uniteParts(given, parts, file, folder)
      const of = (name: 'inputs' | 'outputs' | 'truth' | 'own' | 'notes') => [
        ...new Set(parts.flatMap(({ written }) => written[name])),
      ]
      return {
        inputs: of('inputs'),
        outputs: of('outputs'),
        truth: of('truth'),
        own: of('own'),
        notes: of('notes'),
      }
    },
  }
}

/** One file of all deployments' rows; of the same row of a request that of the first one. */
const uniteParts = (
  { platform, signal }: PopulationsOf,
  parts: readonly { readonly path: string }[],
  file: string,
  folder: string,
): Promise<void> => {
  const reads = parts.map(({ path }) => path)
  return platform.analytics.session({ reads, writes: [folder], signal }, (session) =>
    session.run(
      `copy (select * exclude (filename) from read_parquet([${reads.map(literal).join(', ')}], union_by_name = true, filename = true)
         qualify row_number() over (partition by correlationid, "row" order by list_position([${reads.map(literal).join(', ')}], filename)) = 1)
       to ${literal(file)} (format parquet, compression snappy)`,
    ),
  )
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
function nothing(deployment: Resource, window: TimeWindow): NoData {
  const named = watchedInWords(deployment.id)
  if (!collects(deployment))
    return new NoData(
      `${named.charAt(0).toUpperCase()}${named.slice(1)} does not collect its inputs and outputs: enable model_inputs and model_outputs in its data_collector.`,
    )
  return new NoData(
    window === ever
      ? `Nothing is in what was collected of ${named} yet.`
      : `Nothing is in what was collected of ${named} ${windowInWords(window)}: it answered no requests then, or they are not written yet.`,
  )
}

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
