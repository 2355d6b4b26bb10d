/** The middle of a long name left out: people tell names apart by their beginnings and ends. */
export function shortened(name: string, most = 40): string {
  const letters = Array.from(name)
  if (letters.length <= most) return name
  const tail = Math.floor(most / 3)
  return `${letters.slice(0, most - tail - 1).join('')}…${letters.slice(-tail).join('')}`
}

/** `1 job`, `3 jobs`. */
export const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? noun : nouns}`
