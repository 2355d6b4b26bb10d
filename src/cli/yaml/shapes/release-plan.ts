import { planWords } from '../../../release/plan/grammar/words.ts'
import type { Infer, Shape } from '../shape.ts'
import { spoken, wordsOf } from './spoken.ts'

const fields = wordsOf('a release plan', 'release_plan', planWords)
export type ReleasePlanFile = Infer<typeof fields>

export const releasePlan: Shape<ReleasePlanFile> = spoken(fields, 'releasePlan')
