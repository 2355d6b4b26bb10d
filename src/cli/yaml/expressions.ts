/** One `${{…}}` in a text. */
export interface Expression {
  /** As written, braces and spaces included. */
  readonly text: string
  /** The names between the dots: `['parent', 'jobs', 'prep', 'outputs', 'data']`. */
  readonly names: readonly string[]
  /** Inside `$[[…]]`, which is left out when an input of it is not given. */
  readonly optional: boolean
}

/** Every expression in a text, in order. */
export function expressionsIn(text: string): readonly Expression[] {
  const optional = [...text.matchAll(/\$\[\[(.*?)\]\]/gs)].map(
    (m) => [m.index, m.index + m[0].length] as const,
  )
  return [...text.matchAll(/\$\{\{\s*(.*?)\s*\}\}/gs)].map((m) => ({
    text: m[0],
    names: (m[1] ?? '').split('.').map((name) => name.trim()),
    optional: optional.some(([start, end]) => m.index >= start && m.index < end),
  }))
}

/** The one expression that a text is made of, or undefined if it is anything more. */
export function bindingOf(text: string): Expression | undefined {
  const [first] = expressionsIn(text)
  return first !== undefined && first.text === text.trim() ? first : undefined
}
