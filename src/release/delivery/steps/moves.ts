import type { Shares } from '../target/target.ts'
import { sharesOf, type Hold, type Move, type Working } from './state.ts'

/** How soon it is looked again while something is under way. */
export const soon = 1000

/** No step forward until somebody says so. */
export const hold = (working: Working, kind: Hold['kind'], why: string): Move => ({
  working: { ...working, held: { kind, why } },
  doing: why,
  happened: why,
  again: soon,
})

/** The champion gets everything again; where nothing was given away yet, it is over at once. */
export function goBack(working: Working, why: string, now: number, former: Shares = working.shares): Move {
  const { champion } = working
  const shares = champion === null ? { traffic: {}, mirror: {} } : sharesOf.all(champion)
  return {
    working: {
      ...without(working, 'held'),
      phase: 'returning',
      former,
      shares,
      since: now,
      end: { outcome: 'rolled_back', why, at: now, clearAt: null },
    },
    doing: 'goes back to the champion',
    verdict: why,
    happened: why,
    again: 0,
  }
}

/** A copy without a field. */
export function without<K extends keyof Working>(working: Working, field: K): Working {
  const { [field]: _, ...rest } = working
  return rest as Working
}
