/** Characters that take two columns of a terminal: East Asian wide ones and emoji. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Extended_Pictographic}/u
const widthless = /\p{Mn}|\p{Me}|\p{Cf}/u

/** Text from data as a terminal may show it: what would move the cursor or change colours is made visible instead. */
export const visible = (text: string): string =>
  text.replaceAll(/\p{Cc}|\p{Zl}|\p{Zp}|[\u202A-\u202E\u2066-\u2069]/gu, (mark) => {
    const code = mark.codePointAt(0) ?? 0
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : '␡'
  })

const widthOf = (character: string) => (widthless.test(character) ? 0 : wide.test(character) ? 2 : 1)

/** How many columns of a terminal the text takes. */
export const columnsOf = (text: string): number =>
  Array.from(text, widthOf).reduce<number>((sum, width) => sum + width, 0)

/** The text in exactly so many columns: cut with an ellipsis, or filled up at its end (or its start). */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  let [shown, taken] = ['', 0]
  const whole = columnsOf(text) <= width
  for (const character of text) {
    const more = widthOf(character)
    if (taken + more > (whole ? width : width - 1)) break
    shown += character
    taken += more
  }
  if (!whole) [shown, taken] = [`${shown}…`, taken + 1]
  const fill = ' '.repeat(Math.max(0, width - taken))
  return align === 'left' ? shown + fill : fill + shown
}

/** Words in lines of at most so many columns; a longer word has a line of its own. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && columnsOf(last) + 1 + columnsOf(word) <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
