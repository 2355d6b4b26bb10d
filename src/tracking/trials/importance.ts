import { order, ranks, spearman } from '../../statistics/association/correlation.ts'
import {
  chanceOf,
  explained,
  groupsOfNumbers,
  groupsOfTexts,
  spearmanInterval,
  type Explained,
} from '../../statistics/association/explained.ts'

/** Fewer trials than this with a number say too little of what made them differ. */
export const fewestTrials = 20
/** Numbers of a parameter are put in at most so many groups, of at least so many trials. */
const mostGroups = 6
const smallestGroup = 5
/** Categories, and numbers of a grid, are told apart where each has so many trials in the mean. */
const fewestPerText = 3

interface About {
  readonly name: string
  /** Ranked trials that have it. */
  readonly trials: number
  readonly distinct: number
}

/** What a parameter tells of a metric over some trials, or why that cannot be said. */
export type Importance = About &
  (
    | { readonly reason: 'tooFewTrials' | 'isConstant' | 'differsInEveryTrial' }
    | {
        readonly kind: 'numeric' | 'categorical'
        readonly groups: number
        /** ε² of the metric's ranks over groups: the share of their variance that the parameter alone explains. */
        readonly share: number
        readonly lower: number
        readonly upper: number
        /** Spearman's correlation with the metric, for numbers. */
        readonly correlation?: { readonly rho: number; readonly lower: number; readonly upper: number }
      }
  )

export interface Importances {
  /** The greatest share first, then those of which nothing can be said. */
  readonly parameters: readonly Importance[]
  /** What the greatest share of as many parameters reaches by chance in one of twenty cases; null where there is none. */
  readonly chance: number | null
}

/**
 * How much parameters, each alone, tell of a metric: numbers in groups of equal size, so that a best value in the middle
 * is seen, too. `values` and each parameter's are of the same trials. `breathe` is awaited between parameters, each of
 * which takes some 30 ms for 5,000 trials.
 */
export async function importances(
  values: readonly number[],
  params: ReadonlyMap<string, readonly (string | undefined)[]>,
  breathe: () => Promise<unknown>,
): Promise<Importances> {
  const y = Float64Array.from(values)
  const ranked = ranks(y, order(y))
  const parameters: Importance[] = []
  const shuffled: Float64Array[] = []
  for (const [name, texts] of params) {
    const { importance, found } = importanceOf(name, texts, ranked)
    parameters.push(importance)
    if (found !== undefined) shuffled.push(found.shuffled)
    await breathe()
  }
  const chance = chanceOf(shuffled)
  const shareOf = (one: Importance) => ('share' in one ? one.share : -1)
  return {
    parameters: parameters.toSorted((a, b) => shareOf(b) - shareOf(a) || a.name.localeCompare(b.name)),
    chance: Number.isNaN(chance) ? null : chance,
  }
}

function importanceOf(
  name: string,
  texts: readonly (string | undefined)[],
  ranked: Float64Array,
): { readonly importance: Importance; readonly found?: Explained } {
  const given = texts.filter((text) => text !== undefined)
  const distinct = new Set(given).size
  const about = { name, trials: given.length, distinct }
  if (given.length < fewestTrials) return { importance: { ...about, reason: 'tooFewTrials' } }
  if (distinct < 2) return { importance: { ...about, reason: 'isConstant' } }
  const numbers = numbersOf(texts)
  const grouping =
    numbers === undefined ? groupsOfTexts(texts) : groupsOfNumbers(numbers, groupsFor(distinct, given.length))
  if (numbers === undefined && grouping.groups > given.length / fewestPerText)
    return { importance: { ...about, reason: 'differsInEveryTrial' } }
  const found = explained(grouping, ranked)
  if (Number.isNaN(found.share)) return { importance: { ...about, reason: 'isConstant' } }
  const rho = numbers === undefined ? Number.NaN : spearman(numbers, ranked)
  return {
    found,
    importance: {
      ...about,
      kind: numbers === undefined ? 'categorical' : 'numeric',
      groups: grouping.groups,
      share: found.share,
      ...found.interval,
      ...(Number.isNaN(rho) ? {} : { correlation: { rho, ...spearmanInterval(rho, given.length) } }),
    },
  }
}

/** A grid's few values are a group each; of a continuum as many as leave groups of a fair size. */
const groupsFor = (distinct: number, trials: number) =>
  distinct <= mostGroups && distinct <= trials / fewestPerText
    ? distinct
    : Math.min(mostGroups, Math.floor(trials / smallestGroup))

/** The texts as numbers, NaN where there is none; undefined if one of them is no number. */
function numbersOf(texts: readonly (string | undefined)[]): Float64Array | undefined {
  const numbers = Float64Array.from(texts, (text) =>
    text === undefined || text.trim() === '' ? Number.NaN : Number(text),
  )
  return texts.every((text, i) => text === undefined || Number.isFinite(numbers[i])) ? numbers : undefined
}
