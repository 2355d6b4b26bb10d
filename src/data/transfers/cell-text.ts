import type { Cell } from '../../analytics/analytics.ts'

/** A cell as text: what is no text is written as JSON. */
export const cellText = (cell: Cell | undefined): string =>
  typeof cell === 'string' ? cell : JSON.stringify(cell ?? null)
