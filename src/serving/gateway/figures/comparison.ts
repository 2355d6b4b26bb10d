import { distance, valueBin, valuesOf, type Value } from './answers.ts'

/** Answers to be looked at: a deployment's own, and with it the one that a copy of the same request got elsewhere. */
export interface Sample {
  readonly arm: string
  readonly body: string
  readonly shadow?: { readonly arm: string; readonly body: string }
}

/** What there was in several samples of one endpoint. */
export interface Compared {
  /** The first prediction of each answer by `valueBin`, by deployment. */
  readonly arms: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly compared: number
  /** Pairs of another shape. */
  readonly unlike: number
  /** How far the others are apart, one number a pair. */
  readonly apart: readonly number[]
}

/** Looks at samples. Answers that are no JSON have no predictions; a pair of which one is none is of another shape. */
export function compare(samples: readonly Sample[]): Compared {
  const arms: Record<string, Record<string, number>> = {}
  const apart: number[] = []
  let [compared, unlike] = [0, 0]
  // One of an answer: the rows of a request are alike, and those who test the counts take them for independent.
  const count = (arm: string, [first]: readonly Value[] = []) => {
    const bins = (arms[arm] ??= {})
    if (first === undefined) return
    const bin = valueBin(first)
    bins[bin] = (bins[bin] ?? 0) + 1
  }
  for (const { arm, body, shadow } of samples) {
    const own = valuesOf(body)
    count(arm, own)
    if (shadow === undefined) continue
    const other = shadow.body === body ? own : valuesOf(shadow.body)
    count(shadow.arm, other)
    const far = own === undefined || other === undefined ? undefined : distance(own, other)
    compared++
    // Two answers that are no JSON, and the same, are alike.
    if (far !== undefined) apart.push(far)
    else if (shadow.body === body) apart.push(0)
    else unlike++
  }
  return { arms, compared, unlike, apart }
}

/** What a thread that looks at answers is given, and gives back under the same number. */
export interface Batch {
  readonly number: number
  readonly samples: readonly Sample[]
}
export interface BatchCompared {
  readonly number: number
  readonly compared: Compared
}
