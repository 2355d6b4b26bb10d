/** Lines around a change that are shown with it. */
const around = 3

type Edit = readonly [' ' | '-' | '+', string]

/**
 * The difference of two texts as `diff -u` has it, without a date: `--- a/{name}`, `+++ b/{name}` and hunks with three
 * lines around. '' for equal texts. By the longest common subsequence, so for texts of some hundred lines.
 */
export function unifiedDiff(before: string, after: string, name: string): string {
  if (before === after) return ''
  const edits = editsOf(linesOf(before), linesOf(after))
  const changed = edits.flatMap(([sign], i) => (sign === ' ' ? [] : [i]))
  const hunks: { from: number; to: number }[] = []
  for (const i of changed) {
    const [from, to] = [Math.max(0, i - around), Math.min(edits.length, i + around + 1)]
    const last = hunks.at(-1)
    if (last !== undefined && from <= last.to) last.to = to
    else hunks.push({ from, to })
  }
  return [`--- a/${name}`, `+++ b/${name}`, ...hunks.map((hunk) => hunkOf(edits, hunk)), ''].join('\n')
}

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

function hunkOf(
  edits: readonly Edit[],
  { from, to }: { readonly from: number; readonly to: number },
): string {
  const count = (part: readonly Edit[], sign: '-' | '+') =>
    part.filter(([own]) => own === ' ' || own === sign).length
  const [ahead, own] = [edits.slice(0, from), edits.slice(from, to)]
  const at = (sign: '-' | '+') => {
    const length = count(own, sign)
    return `${count(ahead, sign) + (length === 0 ? 0 : 1)},${length}`
  }
  return [`@@ -${at('-')} +${at('+')} @@`, ...own.map(([sign, line]) => `${sign}${line}`)].join('\n')
}

function editsOf(a: readonly string[], b: readonly string[]): readonly Edit[] {
  // common[i][j]: lines that the rests from i and from j have in common.
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  const at = (i: number, j: number) => common[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = common[i]
      if (row !== undefined)
        row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  const edits: Edit[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      edits.push([' ', a[i] ?? ''])
      i++
      j++
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1)))
      edits.push(['-', a[i++] ?? ''])
    else edits.push(['+', b[j++] ?? ''])
  }
  return edits
}
