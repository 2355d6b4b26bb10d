import { randomUUID } from 'node:crypto'
import { errors } from '../../kernel/errors.ts'
import { experimentKeys } from '../../store/tracking/experiments.ts'
import { runNameTag, setRunTags } from '../../store/tracking/log.ts'
import { completeRuns } from '../../store/tracking/run-data.ts'
import { createRun, deleteRunTag, findRun, updateRun } from '../../store/tracking/runs.ts'
import { searchRuns, type RunPosition } from '../../store/tracking/search-runs.ts'
import { experimentArtifacts, runArtifacts } from '../artifact-paths.ts'
import { presentRun, presentRunInfo } from '../present.ts'
import { checkKey, experimentNumber, limits, pageSize } from '../protocol/limits.ts'
import { int64, message, repeated, text, tag } from '../protocol/message.ts'
import { isOffset, pageToken, readPageToken } from '../protocol/page-token.ts'
import { operations, route } from '../protocol/route.ts'
import { randomRunName } from '../run-names.ts'
import { runs as searchable } from '../search/entities.ts'
import { parseFilter, parseOrderBy } from '../search/parse.ts'
import {
  lifecycles,
  noRun,
  pairs,
  runId,
  runStatus,
  theActiveRun,
  theExperiment,
  theRun,
  viewType,
} from './fields.ts'

const { readRuns, writeRuns, deleteRuns } = operations

export const runRoutes = [
  route({
    method: 'POST',
    path: '/mlflow/runs/create',
    operation: writeRuns,
    input: message({
      experiment_id: text.default('0'),
      user_id: text.optional(),
      run_name: text.optional(),
      start_time: int64.optional(),
      tags: repeated(tag),
    }),
    async handle(input, call) {
      const experiment = await theExperiment(call, input.experiment_id)
      if (experiment.lifecycle !== 'active')
        throw errors.badRequest(`The experiment ${input.experiment_id} must be in the 'active' state.`)
      const tags = pairs(input.tags, limits.runTagValue)
      for (const { name } of tags) checkKey(name, 'key')
      const tagged = tags.find((t) => t.name === runNameTag)?.value
      if (input.run_name && tagged && input.run_name !== tagged)
        throw errors.badRequest(
          `Both 'run_name' argument and '${runNameTag}' tag are specified, but with different values (run_name='${input.run_name}', ${runNameTag}='${tagged}').`,
        )
      const name = input.run_name || tagged || randomRunName(Math.random)
      const id = randomUUID().replaceAll('-', '')
      const root = experiment.artifact_location
      const created = {
        scope: call.scope,
        runId: id,
        experiment: experiment.key,
        name,
        userId: input.user_id || call.actor.name,
        startTime: input.start_time ?? call.now,
        artifactUri: root === experimentArtifacts ? runArtifacts(id) : `${root}/${id}/artifacts`,
        tags: [...tags, { name: runNameTag, value: name }],
      }
      await call.platform.store.transaction((tx) => createRun(tx, created))
      return shown(call.platform.store.db, call.scope, id)
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/runs/update',
    operation: writeRuns,
    input: message({
      ...runId,
      status: runStatus.optional(),
      end_time: int64.optional(),
      run_name: text.optional(),
    }),
    async handle(input, call) {
      const run = await theActiveRun(call, input)
      const name = input.run_name || undefined
      await call.platform.store.transaction(async (tx) => {
        await updateRun(tx, run.key, { status: input.status, endTime: input.end_time, name })
        if (name !== undefined) await setRunTags(tx, [[run.key, runNameTag, name]])
      })
      return { run_info: presentRunInfo(await theRun(call, input)) }
    },
  }),
  route({
    method: 'GET',
    path: '/mlflow/runs/get',
    operation: readRuns,
    input: message(runId),
    async handle(input, call) {
      const [run] = await completeRuns(call.platform.store.db, [await theRun(call, input)])
      return { run: run === undefined ? undefined : presentRun(run) }
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/runs/delete',
    operation: deleteRuns,
    input: message(runId),
    async handle(input, call) {
      await updateRun(call.platform.store.db, (await theActiveRun(call, input)).key, { lifecycle: 'deleted' })
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/runs/restore',
    operation: writeRuns,
    input: message(runId),
    async handle(input, call) {
      const run = await theRun(call, input)
      if (run.lifecycle !== 'deleted')
        throw errors.badRequest(
          `The run ${run.run_id} must be in the 'deleted' state. Current state is active.`,
        )
      await updateRun(call.platform.store.db, run.key, { lifecycle: 'active' })
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/runs/delete-tag',
    operation: writeRuns,
    input: message({ ...runId, key: text }),
    async handle(input, call) {
      const run = await theActiveRun(call, input)
      if (await deleteRunTag(call.platform.store.db, run.key, input.key)) return {}
      throw errors.notFound(`No tag with name: ${input.key} in run with id ${run.run_id}`, { target: 'key' })
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/runs/search',
    operation: readRuns,
    input: message({
      experiment_ids: repeated(text),
      filter: text.optional(),
      run_view_type: viewType.default('ACTIVE_ONLY'),
      max_results: int64.optional(),
      order_by: repeated(text),
      page_token: text.optional(),
    }),
    async handle(input, { platform, scope }) {
      const { db } = platform.store
      const found = await searchRuns(db, {
        experiments: [
          ...(await experimentKeys(db, scope, input.experiment_ids.map(experimentNumber))).keys(),
        ],
        lifecycles: lifecycles(input.run_view_type),
        conditions: parseFilter(searchable, input.filter),
        orderings: parseOrderBy(searchable, input.order_by),
        limit: pageSize(input.max_results, { default: 1000, max: limits.runsPerPage }),
        after: readPageToken(input.page_token, isRunPosition),
      })
      return {
        runs: (await completeRuns(db, found.runs)).map(presentRun),
        next_page_token: pageToken(found.next),
      }
    },
  }),
]

async function shown(db: Parameters<typeof findRun>[0], scope: string, id: string) {
  const info = await findRun(db, scope, id)
  if (info === undefined) throw noRun(id)
  const [run] = await completeRuns(db, [info])
  return { run: run === undefined ? undefined : presentRun(run) }
}

const isRunPosition = (value: object): value is RunPosition =>
  isOffset(value) ||
  ('startTime' in value &&
    typeof value.startTime === 'number' &&
    'runId' in value &&
    typeof value.runId === 'string')
