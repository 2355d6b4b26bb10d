import { z } from 'zod'
import type { Action } from '../../kernel/resources/resource.ts'
import { cardOf } from './gather.ts'
import { cardMarkdown } from './markdown.ts'

/**
 * `POST {model version}/card`: its model card as it stands, as data and (`markdown`) as a file for people and for hubs of
 * models. Who may read the version may ask; of releases it has what they may read.
 */
export const card: Action = {
  operation: 'read',
  input: z.looseObject({}),
  async run({ platform, actor, resource }) {
    const found = await cardOf(platform, actor, resource)
    return { body: { card: found, markdown: cardMarkdown(found) } }
  },
}
