import { usage } from '../../failure.ts'

/** `blue=90 green=10`, in one word or several. Shares are whole percents; the server says which sums it takes. */
export function parseTraffic(words: readonly string[], flag: string): Readonly<Record<string, number>> {
  const parts = words.flatMap((word) => word.split(/[\s,]+/)).filter((part) => part !== '')
  return Object.fromEntries(
    parts.map((part) => {
      const match = /^([^=]+)=(\d+)%?$/.exec(part)
      if (match === null || Number(match[2]) > 100)
        throw usage(`${flag} ${part}: use NAME=PERCENT, e.g. ${flag} "blue=90 green=10"`)
      return [match[1] ?? '', Number(match[2])]
    }),
  )
}
