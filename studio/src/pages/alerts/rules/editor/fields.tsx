import { Autocomplete, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { asWritten, at, type Path, type Words } from './draft.ts'

/** A draft's words and how one of them is changed. */
export interface Editing {
  readonly words: Words
  readonly set: (path: Path, value: unknown) => void
}

interface Field {
  readonly label: string
  readonly description?: string
  readonly editing: Editing
  readonly path: Path
  readonly placeholder?: string
}

const asText = (value: unknown): string => {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/**
 * A word of the rule as a text. What is typed stays as it is typed: a text that means the same in other words does not
 * replace it.
 */
export function Word({
  label,
  description,
  editing,
  path,
  placeholder,
  read = asWritten,
  write = asText,
  completions,
}: Field & {
  readonly read?: (text: string) => unknown
  readonly write?: (value: unknown) => string
  /** What there is to choose from; anything else may be written, too. */
  readonly completions?: readonly string[]
}) {
  const now = write(at(editing.words, path))
  const [typed, setTyped] = useState({ text: now, meant: now })
  const change = (text: string) => {
    const meant = read(text)
    setTyped({ text, meant: write(meant) })
    editing.set(path, meant)
  }
  const common = {
    label,
    ...(description === undefined ? {} : { description }),
    ...(placeholder === undefined ? {} : { placeholder }),
    value: typed.meant === now ? typed.text : now,
  }
  return completions === undefined ? (
    <TextInput {...common} onChange={(event) => change(event.currentTarget.value)} autoComplete="off" />
  ) : (
    <Autocomplete {...common} data={[...new Set(completions)]} onChange={change} limit={30} />
  )
}

/** A word of the rule that is one of a few; the first is what it is where nothing is said. */
export function Choice({
  label,
  description,
  editing,
  path,
  options,
}: Field & { readonly options: readonly { readonly value: string; readonly label: string }[] }) {
  const value = at(editing.words, path)
  const first = options[0]?.value
  return (
    <Select
      label={label}
      {...(description === undefined ? {} : { description })}
      data={[...options]}
      value={typeof value === 'string' ? value : (first ?? null)}
      onChange={(next) => editing.set(path, next === first ? undefined : (next ?? undefined))}
      allowDeselect={false}
    />
  )
}
