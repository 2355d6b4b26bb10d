import type { BurnWindow } from '../../../../../../src/alerts/rules/rule.ts'

/** The time that an objective is usually promised for, which budgets are told of. */
export const periodMs = 30 * 86_400_000

/** What a budget comes to, and what of it is gone when a window fires. */
export interface BudgetWords {
  /** Share that may be bad. */
  readonly budget: number
  /** How long all of it may be bad in 30 days, in milliseconds. */
  readonly downMs: number
  readonly windows: readonly (BurnWindow & {
    /** Share of 30 days' budget that is used up within the long window at this factor. */
    readonly spent: number
    /** How long 30 days' budget lasts at this factor, in milliseconds. */
    readonly lastsMs: number
  })[]
}

/**
 * What the objective (a share below 1) and its windows mean for a period of 30 days: a window of length L that burns f times
 * too fast uses up f × L ÷ 30 days of the budget, which lasts 30 days ÷ f (Google's SRE workbook, ch. 5).
 */
export const budgetOf = (objective: number, windows: readonly BurnWindow[]): BudgetWords => {
  const budget = Number((1 - objective).toPrecision(6))
  return {
    budget,
    downMs: budget * periodMs,
    windows: windows.map((window) => ({
      ...window,
      spent: (window.factor * window.longMs) / periodMs,
      lastsMs: periodMs / window.factor,
    })),
  }
}
