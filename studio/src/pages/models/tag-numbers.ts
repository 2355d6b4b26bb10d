/** How many of them a table has room for. */
const most = 4

/** Names of tags that are numbers in every version that has them: those most versions have come first. */
export function numbersIn(all: readonly Readonly<Record<string, string>>[]): readonly string[] {
  const counts = new Map<string, number>()
  const others = new Set<string>()
  for (const tags of all)
    for (const [name, value] of Object.entries(tags))
      if (value.trim() !== '' && Number.isFinite(Number(value))) counts.set(name, (counts.get(name) ?? 0) + 1)
      else others.add(name)
  return [...counts]
    .filter(([name]) => !others.has(name))
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name]) => name)
}
