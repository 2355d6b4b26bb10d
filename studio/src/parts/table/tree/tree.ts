/** A row that is open: where it stands, and how many rows are nested below it. */
export interface Opened {
  /** Key of the row that the list is nested below; '' for the outermost. */
  readonly list: string
  readonly index: number
  readonly total: number
}

/** Where a row that is to be seen stands in its own list. */
export interface Place {
  readonly list: string
  readonly index: number
  /** 1 for the outermost list. */
  readonly level: number
}

interface Segment extends Place {
  /** The row at which it begins, among all that are to be seen. */
  readonly start: number
  readonly length: number
}

/** Lists nested in each other as one: rows by their number from the top. */
export interface Tree {
  readonly count: number
  readonly at: (row: number) => Place
  /** Undefined for a row of a list that is not open. */
  readonly rowOf: (place: Pick<Place, 'list' | 'index'>) => number | undefined
}

/** A list of `total` rows with what is open in it, at any depth. What is open in a list that is not is left out. */
export function treeOf(total: number, opened: ReadonlyMap<string, Opened>): Tree {
  const segments: Segment[] = []
  let count = 0
  const add = (list: string, from: number, until: number, level: number) => {
    if (until <= from) return
    segments.push({ list, index: from, level, start: count, length: until - from })
    count += until - from
  }
  const walk = (list: string, size: number, level: number) => {
    let from = 0
    const here = [...opened].filter(([, one]) => one.list === list && one.index < size)
    for (const [key, one] of here.toSorted(([, a], [, b]) => a.index - b.index)) {
      add(list, from, one.index + 1, level)
      from = one.index + 1
      // A run that names itself its own parent would never end.
      if (key !== list) walk(key, one.total, level + 1)
    }
    add(list, from, size, level)
  }
  walk('', total, 1)
  return {
    count,
    at(row) {
      const segment = segments.findLast(({ start }) => start <= row)
      if (segment === undefined) return { list: '', index: row, level: 1 }
      return { list: segment.list, index: segment.index + row - segment.start, level: segment.level }
    },
    rowOf({ list, index }) {
      const found = segments.find(
        (one) => one.list === list && index >= one.index && index < one.index + one.length,
      )
      return found === undefined ? undefined : found.start + index - found.index
    },
  }
}

/** From where to where each list is to be seen between two rows, both inclusively. */
export function rangesOf(
  tree: Tree,
  first: number,
  last: number,
): ReadonlyMap<string, readonly [number, number]> {
  const ranges = new Map<string, readonly [number, number]>()
  for (let row = first; row <= Math.min(last, tree.count - 1); row++) {
    const { list, index } = tree.at(row)
    const [from, to] = ranges.get(list) ?? [index, index]
    ranges.set(list, [Math.min(from, index), Math.max(to, index)])
  }
  return ranges
}
