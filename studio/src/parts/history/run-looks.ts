/** Colours there are; more runs than these get dashes. */
const colours = 6

/** How a run is drawn: number of its colour from 1, and whether its lines are dashed. */
export interface RunLook {
  readonly colour: number
  readonly dashed: boolean
}

/** A look for each run that stays its own while others come and go: chosen by its id, the next free one where it is taken. */
export function looksOf(ids: readonly string[]): ReadonlyMap<string, RunLook> {
  const looks = new Map<string, RunLook>()
  const taken = new Set<number>()
  for (const id of ids) {
    let place = hash(id) % colours
    if (taken.size % colours === 0) taken.clear()
    while (taken.has(place)) place = (place + 1) % colours
    taken.add(place)
    looks.set(id, { colour: place + 1, dashed: looks.size >= colours })
  }
  return looks
}

const hash = (text: string) =>
  Array.from(text).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7)
