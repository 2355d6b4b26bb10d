import { text } from 'node:stream/consumers'
import { resolve as follow } from '../../../data/resolve.ts'
import { UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'

/** An example longer than this is no request to try a model with. */
const longestExample = 1024 * 1024

/**
 * The request that a model says it can answer: the input example that MLflow kept with it, as `/invocations` takes it.
 * Undefined where it has none.
 */
export async function exampleRequest(
  platform: Platform,
  workspaceId: string,
  model: string,
): Promise<string | undefined> {
  const location = await follow(platform, workspaceId, model, { assetType: 'models' }).then(
    (found) => found.location,
    (error: unknown) => {
      if (error instanceof UserError) return undefined
      throw error
    },
  )
  if (location?.kind !== 'blob') return undefined
  const folder = location.path.replace(/\/+$/, '')
  const read = async (name: string) => {
    const blob = { container: location.container, path: `${folder}/${name}` }
    const head = await platform.artifacts.head(blob)
    if (head === undefined || head.size > longestExample) return undefined
    return text(await platform.artifacts.read(blob))
  }
  const served = await read('serving_input_example.json')
  if (served !== undefined) return served
  const example = await read('input_example.json')
  return example === undefined ? undefined : asRequest(example)
}

/** MLflow of before 2.14 keeps the example as a data frame, split, or as an array. */
function asRequest(example: string): string | undefined {
  try {
    const found = JSON.parse(example) as unknown
    if (typeof found === 'object' && found !== null && 'data' in found)
      return JSON.stringify({ dataframe_split: found })
    return JSON.stringify({ inputs: found })
  } catch {
    return undefined
  }
}
