import { Autocomplete, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { parseDocument, stringify } from 'yaml'
import type { Described } from '../../../../../src/cli/yaml/describe.ts'
import type { Path } from '../../../../../src/cli/yaml/source.ts'
import type { Form } from './form.ts'

interface InputProps {
  readonly form: Form
  readonly path: Path
  /** Default: the field's name. */
  readonly label?: string
  /** Default: what the field is for. */
  readonly about?: string
  readonly placeholder?: string
}

/** What stands beside every input: its name, what it is for, whether there must be one, what is wrong. */
function around({ form, path, label, about, placeholder }: InputProps) {
  const field = form.field(path)
  const wrong = form.wrong(path)
  return {
    label: sentence(label ?? String(path.at(-1))),
    description: about ?? field?.about,
    withAsterisk: field?.isRequired === true,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(wrong === undefined ? {} : { error: wrong }),
  }
}

const sentence = (words: string) => (words.charAt(0).toUpperCase() + words.slice(1)).replaceAll('_', ' ')

export const asText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

export function TextField(props: InputProps) {
  const { form, path } = props
  return (
    <TextInput
      {...around(props)}
      value={asText(form.value(path))}
      onChange={({ currentTarget: { value } }) => form.set(path, value === '' ? undefined : value)}
    />
  )
}

/**
 * A number, or one with a unit: `0.68`, `5%`, `250ms`. What is typed stays as it is typed: a text that means the same in
 * other words does not replace it.
 */
export function MeasureField(props: InputProps) {
  const { form, path } = props
  const now = asText(form.value(path))
  const [typed, setTyped] = useState({ text: now, meant: now })
  return (
    <TextInput
      {...around(props)}
      autoComplete="off"
      value={typed.meant === now ? typed.text : now}
      onChange={({ currentTarget: { value: text } }) => {
        const meant = measured(text)
        setTyped({ text, meant: asText(meant) })
        form.set(path, meant)
      }}
    />
  )
}

/** Numbers as numbers, everything else as it is written, nothing as undefined. */
export const measured = (text: string): string | number | undefined => {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return /^-?\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed
}

export function LongField(props: InputProps) {
  const { form, path } = props
  return (
    <Textarea
      {...around(props)}
      autosize
      minRows={2}
      value={asText(form.value(path))}
      onChange={({ currentTarget: { value } }) => form.set(path, value === '' ? undefined : value)}
    />
  )
}

export function NumberField(props: InputProps & { readonly min?: number; readonly max?: number }) {
  const { form, path, min, max } = props
  const value = form.value(path)
  return (
    <NumberInput
      {...around(props)}
      {...(min === undefined ? {} : { min })}
      {...(max === undefined ? {} : { max })}
      value={typeof value === 'number' || typeof value === 'string' ? value : ''}
      onChange={(next) => form.set(path, next === '' ? undefined : next)}
    />
  )
}

/** On or off; `asText` where the field wants 'true' as a text, as some of Azure's do. */
export function SwitchField(props: InputProps & { readonly otherwise?: boolean; readonly asText?: boolean }) {
  const { form, path, otherwise = false, asText: isText = false } = props
  const { label, description, error } = around(props) as {
    label: string
    description?: string
    error?: string
  }
  const value = form.value(path)
  return (
    <Switch
      label={label}
      description={description}
      error={error}
      checked={value === undefined ? otherwise : asText(value) === 'true'}
      onChange={({ currentTarget: { checked } }) => form.set(path, isText ? String(checked) : checked)}
    />
  )
}

export function ChoiceField(props: InputProps & { readonly values?: readonly string[] }) {
  const { form, path } = props
  const values = props.values ?? form.describe(path).flatMap((one) => one.values ?? [])
  const value = asText(form.value(path))
  const all = value === '' || values.includes(value) ? values : [...values, value]
  return (
    <Select
      {...around(props)}
      data={[...new Set(all)]}
      value={value === '' ? null : value}
      clearable={form.field(path)?.isRequired !== true}
      clearButtonProps={{ 'aria-label': 'Clear' }}
      onChange={(next) => form.set(path, next ?? undefined)}
    />
  )
}

/** A name of what is at the server, or anything else. */
export function NameField(props: InputProps & { readonly of?: string }) {
  const { form, path, of = String(path.at(-1)) } = props
  const value = asText(form.value(path))
  const { data = [] } = useQuery({
    queryKey: ['references', of, /^azureml:[\w.-]+[:@]/.exec(value)?.[0] ?? ''],
    queryFn: () => form.references(of, value),
  })
  return (
    <Autocomplete
      {...around(props)}
      data={[...new Set(data.map(({ label }) => label))]}
      value={value}
      onChange={(next) => form.set(path, next === '' ? undefined : next)}
    />
  )
}

/** Several words. */
export function WordsField(props: InputProps & { readonly among?: readonly string[] }) {
  const { form, path, among = [] } = props
  const value = form.value(path)
  const words = Array.isArray(value) ? value.map(asText) : value === undefined ? [] : [asText(value)]
  const each = form.describe(path).flatMap((one) => one.each?.(undefined) ?? [])
  const isNumbers = each.some(({ kind }) => kind === 'number')
  return (
    <TagsInput
      {...around(props)}
      data={[...new Set([...among, ...each.flatMap((one) => one.values ?? [])])]}
      value={words}
      onChange={(next) =>
        form.set(path, next.length === 0 ? undefined : next.map(isNumbers ? numbered : String))
      }
    />
  )
}

const numbered = (word: string) => (Number.isNaN(Number(word)) ? word : Number(word))

/** Names with values: `team: growth`. `put`: where they stand otherwise than at the path. */
export function PairsField(
  props: InputProps & { readonly put?: (pairs: Readonly<Record<string, string>> | undefined) => void },
) {
  const { form, path, put = (pairs) => form.set(path, pairs) } = props
  const value = form.value(path)
  const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return (
    <TagsInput
      {...around(props)}
      placeholder={pairs.length === 0 ? (props.placeholder ?? 'name: value') : ''}
      value={pairs.map(([name, one]) => `${name}: ${asText(one)}`)}
      onChange={(next) => {
        const entries = next.map((pair) => {
          const [, name = pair, value = ''] = /^([^:=]*)[:=](.*)$/s.exec(pair) ?? []
          return [name.trim(), value.trim()]
        })
        put(entries.length === 0 ? undefined : Object.fromEntries(entries))
      }}
    />
  )
}

/** The input that fits what may stand at a path. */
export function FittingField(props: InputProps) {
  const { form, path } = props
  const described = form.describe(path)
  const is = (kind: Described['kind']) => described.some((one) => one.kind === kind)
  const name = String(path.at(-1))
  if (is('choice') && !is('text')) return <ChoiceField {...props} />
  if (is('boolean')) return <SwitchField {...props} otherwise={described[0]?.default === true} />
  if (is('list')) return <WordsField {...props} />
  if (is('number') && !is('text')) return <NumberField {...props} />
  if (is('object') || is('map')) return <Deeper {...props} />
  return /^(data|model|environment|compute|component|job|contract|connection|webhook)$/.test(name) ? (
    <NameField {...props} />
  ) : (
    <TextField {...props} />
  )
}

/** What has parts of its own, on one line: `{ roc_auc: { min: 0.7 } }`. It is taken when the field is left. */
function Deeper(props: InputProps) {
  const { form, path } = props
  const value = form.value(path)
  const standing = value === undefined ? '' : onOneLine(value)
  const [typed, setTyped] = useState<string>()
  const [problem, setProblem] = useState<string>()
  return (
    <TextInput
      {...around(props)}
      {...(problem === undefined ? {} : { error: problem })}
      value={typed ?? standing}
      placeholder="{ … }"
      onChange={({ currentTarget: { value } }) => setTyped(value)}
      onBlur={() => {
        if (typed === undefined || typed === standing) return
        const document = parseDocument(typed)
        const [error] = document.errors
        setProblem(error && `this is not YAML: ${error.message.split('\n')[0] ?? ''}`)
        if (error !== undefined) return
        form.set(path, typed.trim() === '' ? undefined : (document.toJS() as unknown))
        setTyped(undefined)
      }}
    />
  )
}

const onOneLine = (value: unknown): string =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()
