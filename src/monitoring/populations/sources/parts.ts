import { scopeId } from '../../../kernel/resources/arm-id.ts'
import { resolve } from '../../../data/resolve.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { DataSource } from '../../monitors/monitor.ts'
import { NoData } from '../population.ts'
import { collectedPart } from './collected-part.ts'
import { tablePart } from './table-part.ts'
import type { Part, PopulationsOf } from './part.ts'

/**
 * What sources are opened as: all that name no data are the deployment's collections, which are read together; a
 * reference of training data that names none is what the model says it was trained on.
 */
export async function partsOf(
  given: PopulationsOf,
  sources: readonly DataSource[],
): Promise<readonly Part[]> {
  const parts: Part[] = []
  let isCollectedTaken = false
  for (const source of sources) {
    if (source.preprocessing !== undefined)
      throw new NoData('The source has yet to be made into a table by its preprocessing component.')
    const uri = source.uri ?? (source.context === 'training' ? await trainingData(given) : undefined)
    if (uri !== undefined) parts.push(tablePart(given, source, uri))
    else if (!isCollectedTaken) {
      parts.push(collectedPart(given, source))
      isCollectedTaken = true
    }
  }
  return parts
}

/** The data that a model version's lineage says it was trained on. */
export async function trainingData({
  platform,
  model,
}: Pick<PopulationsOf, 'platform' | 'model'>): Promise<string> {
  if (model === undefined)
    throw new NoData(
      'Which model is watched is not known: name the training data in reference_data.input_data.',
    )
  const { publishedFrom, lineage } = model.status as {
    readonly publishedFrom?: Json
    readonly lineage?: Json
  }
  const data = (publishedFrom?.['data'] ?? lineage?.['data'] ?? []) as readonly {
    readonly id: string
    readonly context?: string
  }[]
  const training = data.filter(({ context }) => context?.toLowerCase() === 'training')
  const candidates = training.length > 0 ? training : data
  const [one] = candidates
  const shown = `model ${model.id.split('/').slice(-3).join('/')}`
  if (one === undefined)
    throw new NoData(
      `What ${shown} was trained on is not recorded: name the data in reference_data.input_data.`,
    )
  if (candidates.length > 1)
    throw new NoData(
      `${shown} was made from several data (${candidates.map(({ id }) => id.split('/').slice(-3).join('/')).join(', ')}): name the training data in reference_data.input_data.`,
    )
  await resolve(platform, scopeId(model.id) ?? '', one.id)
  return one.id
}
