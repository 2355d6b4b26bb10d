import { mkdir, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { AnalyticsError } from '../../../analytics/analytics.ts'
import type { BlobInfo } from '../../../artifacts/artifacts.ts'
import { resolve as follow } from '../../../data/resolve.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import { UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { Lineage } from '../../../registry/lineage.ts'

/** Files with rows: of these kinds, not larger than this, and so many at most. */
const wanted = {
  extensions: ['.parquet', '.csv'],
  bytes: 64 * 1024 * 1024,
  perSource: 2,
  all: 6,
  listed: 200,
  rows: 2000,
  ms: 60_000,
}

/**
 * Lays rows that the model was trained on (of the data and the inputs of the job that made it, as far as the workspace
 * holds them) into `folder`, as JSON Lines; answers the files' paths. None where nothing is known of where the model
 * came from.
 */
export async function storedRows(
  platform: Platform,
  workspace: string,
  model: string | null | undefined,
  folder: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const files = (await Promise.all((await sourcesOf(platform, workspace, model)).map(filesOf))).flat()
  const unlike = [...new Map(files.map((file) => [file.digest, file])).values()].slice(0, wanted.all)
  return Promise.all(
    unlike.map(async ({ container, path }, index) => {
      const target = join(folder, String(index))
      await mkdir(target, { recursive: true })
      await platform.artifacts.checkout({ container, path }, target)
      return sample(platform, join(target, basename(path)), signal)
    }),
  ).then((paths) => paths.filter((path) => path !== undefined))

  async function filesOf(source: string): Promise<readonly BlobInfo[]> {
    try {
      const { location } = await follow(platform, workspace, source)
      if (location.kind !== 'blob') return []
      const { container } = location
      // An output's folder is written with a slash at its end.
      const path = location.path.replace(/\/+$/, '')
      const file = await platform.artifacts.head({ container, path })
      const below = await platform.artifacts.list(container, `${path}/`, { limit: wanted.listed })
      return (file ? [file] : below.blobs)
        .filter(
          ({ path, size }) => wanted.extensions.includes(extname(path).toLowerCase()) && size <= wanted.bytes,
        )
        .slice(0, wanted.perSource)
    } catch (error) {
      // What has been deleted since, or is somebody else's, is no evidence.
      if (error instanceof UserError) return []
      throw error
    }
  }
}

/** A sample of a file's rows as JSON Lines beside it; undefined for a file that is not what its name says. */
async function sample(platform: Platform, file: string, signal?: AbortSignal): Promise<string | undefined> {
  const read = extname(file).toLowerCase() === '.csv' ? 'read_csv' : 'read_parquet'
  const question = `select * from ${read}($1) using sample reservoir(${wanted.rows} rows) repeatable (0)`
  try {
    const options = { reads: [file], timeoutMs: wanted.ms, ...(signal ? { signal } : {}) }
    const { columns, rows } = await platform.analytics.session(options, (session) =>
      session.all(question, [file]),
    )
    const lines = rows.map((row) =>
      JSON.stringify(Object.fromEntries(columns.map(({ name }, at) => [name, row[at]]))),
    )
    const target = `${file}.jsonl`
    await writeFile(target, lines.map((line) => `${line}\n`).join(''))
    return target
  } catch (error) {
    if (error instanceof AnalyticsError) return undefined
    throw error
  }
}

/** References to the data that the job which made a model had: what it read itself first. */
async function sourcesOf(
  platform: Platform,
  workspace: string,
  model: string | null | undefined,
): Promise<readonly string[]> {
  const version = model?.startsWith('/') ? await platform.resources.find(model) : undefined
  const lineage = version?.status['lineage'] as Lineage | undefined
  if (!lineage) return []
  const { id } = await platform.resources.get(workspace)
  const job = lineage.job ? await platform.resources.find(childId(id, 'jobs', lineage.job)) : undefined
  const inputs = Object.values((job?.properties['inputs'] ?? {}) as Readonly<Record<string, Json | null>>)
  const uris = inputs.map((input) => input?.['uri']).filter((uri) => typeof uri === 'string')
  return [...new Set([...uris, ...lineage.data.map((source) => source.id)])]
}
