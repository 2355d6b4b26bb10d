import type { Store } from '../../src/store/database.ts'
import { insertMany, type Insertion } from '../../src/store/tracking/insert-many.ts'
import { randomFrom } from './random.ts'

const jobs: Insertion = {
  table: 'resources',
  columns: [
    'key',
    'id',
    'type',
    'name',
    'parent',
    'scope',
    'envelope',
    'properties',
    'status',
    'etag',
    'generation',
    'archived',
    'deleting',
    'created_at',
    'created_by',
    'created_by_type',
    'modified_at',
    'modified_by',
    'modified_by_type',
  ],
  tail: '',
}
const perTransaction = 5000
/** Between one job and the next. */
const apartMs = 40_000
const stems = ['train', 'nightly', 'evaluate', 'backfill', 'explain', 'sweep']

/** Puts jobs that ended into a workspace, the newest just now: one in twelve failed, one in fifty cancelled. */
export async function seedJobs(store: Store, workspace: string, count: number): Promise<void> {
  const random = randomFrom(7)
  const newest = Date.now() - 60_000
  for (let from = 0; from < count; from += perTransaction) {
    const rows = Array.from({ length: Math.min(perTransaction, count - from) }, (_, i) =>
      jobRow(workspace, from + i, newest - (count - from - i) * apartMs, random),
    )
    await store.transaction((tx) => insertMany(tx, jobs, rows).then(() => undefined))
  }
}

function jobRow(workspace: string, number: number, at: number, random: () => number) {
  const stem = stems[Math.floor(random() * stems.length)] ?? 'train'
  const name = `${stem}_${number.toString(36).padStart(6, '0')}`
  const id = `${workspace}/jobs/${name}`
  const luck = random()
  const status = luck < 1 / 12 ? 'Failed' : luck < 1 / 12 + 1 / 50 ? 'Canceled' : 'Completed'
  const person = ['ada', 'grace', 'edsger'][number % 3] ?? 'ada'
  const end = at + 2000 + random() * 600_000
  const properties = {
    jobType: number % 4 === 0 ? 'Pipeline' : 'Command',
    displayName: `${stem} ${Math.floor(number / 24)}`,
    experimentName: `flights-${number % 5}`,
    command: 'python train.py --data ${{inputs.data}} --learning-rate ${{inputs.learning_rate}}',
    codeId: `${workspace}/codes/train/versions/1`,
    environmentId: `${workspace}/environments/sklearn/versions/3`,
    inputs: {
      data: {
        jobInputType: 'uri_folder',
        uri: `azureml:flights:${1 + (number % 12)}`,
        mode: 'ReadOnlyMount',
      },
      learning_rate: { jobInputType: 'literal', value: (random() / 10).toFixed(4) },
    },
    outputs: { model: { jobOutputType: 'mlflow_model', mode: 'ReadWriteMount' } },
    tags: { team: number % 2 === 0 ? 'delay' : 'price' },
    properties: {},
  }
  const state = {
    status,
    level: 'job',
    submittedBy: person,
    rootJobName: name,
    pinned: {},
    computeKey: 'local',
    startTime: new Date(at + 1500).toISOString(),
    endTime: new Date(end).toISOString(),
    ...(status === 'Failed'
      ? { error: { code: 'UserError', message: 'The command failed with exit code 1.\nValueError: no rows' } }
      : {}),
  }
  const written = [number, person, 'User'] as const
  return [
    id.toLowerCase(),
    id,
    'workspaces/jobs',
    name,
    workspace.toLowerCase(),
    workspace.toLowerCase(),
    '{}',
    JSON.stringify(properties),
    JSON.stringify(state),
    String(number),
    1,
    0,
    0,
    at,
    written[1],
    written[2],
    Math.round(end),
    written[1],
    written[2],
  ]
}
