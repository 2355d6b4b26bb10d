import type { Registration, RunModel } from '../../../api/run-models.ts'

/** `team=growth` as a name and its value; what has no `=` is a name alone. */
export const pairsOf = (texts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    texts.flatMap((text) => {
      const [, name = text, value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? []
      return name.trim() === '' ? [] : [[name.trim(), value.trim()] as const]
    }),
  )

/** A word for a shell: in quotes where it has to be. */
const word = (text: string) => (/^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** The command that registers the same. */
export function registerCommand(model: RunModel, { name, description, tags }: Registration): string {
  const pairs = Object.entries(tags).map(([key, value]) => word(`${key}=${value}`))
  return [
    'twinloop model create',
    `-n ${name === '' ? 'NAME' : word(name)}`,
    `-t ${model.type}`,
    `-p ${word(model.path)}`,
    ...(description === '' ? [] : [`-d ${word(description)}`]),
    ...(pairs.length === 0 ? [] : [`--tags ${pairs.join(' ')}`]),
  ].join(' ')
}
