/**
 * Whether a name fits one of some patterns, as GitHub's filters have them: `*` is anything but a slash, `**` anything,
 * `?` one character; a pattern that begins with `!` takes back what those before it took.
 */
export function fits(name: string, patterns: readonly string[]): boolean {
  return patterns.reduce(
    (taken, pattern) =>
      pattern.startsWith('!')
        ? taken && !asRegExp(pattern.slice(1)).test(name)
        : taken || asRegExp(pattern).test(name),
    // Only exceptions: everything else is meant.
    patterns.length > 0 && patterns.every((pattern) => pattern.startsWith('!')),
  )
}

const asRegExp = (pattern: string) =>
  new RegExp(
    `^${pattern.replaceAll(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => parts[part] ?? `\\${part}`)}$`,
    'u',
  )
const parts: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }
