import { errors } from '../kernel/errors.ts'
import type { Problem } from '../kernel/errors.ts'
import { nearest } from '../kernel/nearest.ts'

/**
 * What `${{ … }}` in a job may refer to. Names of inputs may contain dots (a group of parameters), names of steps and
 * outputs may not.
 */
export type Reference =
  | { readonly kind: 'input' | 'output' | 'search_space'; readonly name: string }
  | { readonly kind: 'parent-input' | 'parent-output'; readonly name: string }
  | { readonly kind: 'step-input' | 'step-output'; readonly step: string; readonly name: string }
  | { readonly kind: 'name' | 'default_datastore' | 'output_name' }

export type Part =
  | { readonly text: string }
  | { readonly reference: Reference; readonly source: string }
  /** `$[[ … ]]`: dropped altogether when an input in it has no value. */
  | { readonly optional: readonly Part[] }

export interface Template {
  readonly parts: readonly Part[]
  /** Things that work but were surely meant otherwise. */
  readonly warnings: readonly string[]
}

const forms = [
  'inputs.NAME',
  'outputs.NAME',
  'parent.inputs.NAME',
  'parent.outputs.NAME',
  'parent.jobs.STEP.outputs.NAME',
  'parent.jobs.STEP.inputs.NAME',
  'search_space.NAME',
  'name',
  'default_datastore',
  'output_name',
]

/** Reads the inside of `${{ … }}`. Throws a UserError that names the nearest right form. */
export function parseReference(inside: string, target?: string): Reference {
  const text = inside.trim()
  const match = /^(inputs|outputs|search_space|parent\.inputs|parent\.outputs)\.([\w.-]+)$/.exec(text)
  if (match) {
    const kinds = {
      inputs: 'input',
      outputs: 'output',
      search_space: 'search_space',
      'parent.inputs': 'parent-input',
      'parent.outputs': 'parent-output',
    } as const
    return { kind: kinds[match[1] as keyof typeof kinds], name: match[2] ?? '' }
  }
  const step = /^parent\.jobs\.([\w-]+)\.(inputs|outputs)\.([\w.-]+)$/.exec(text)
  if (step)
    return {
      kind: step[2] === 'inputs' ? 'step-input' : 'step-output',
      step: step[1] ?? '',
      name: step[3] ?? '',
    }
  if (text === 'name' || text === 'default_datastore' || text === 'output_name') return { kind: text }
  const near = nearestForm(text)
  throw errors.validation(
    `\${{${inside}}} is not an expression that a job knows.${near === undefined ? '' : ` Did you mean \${{${near}}}?`} Known: ${forms.map((f) => `\${{${f}}}`).join(', ')}.`,
    target === undefined ? {} : { target },
  )
}

function nearestForm(text: string): string | undefined {
  const words = text.split('.')
  const heads = ['inputs', 'outputs', 'parent', 'search_space', 'name', 'default_datastore', 'output_name']
  const head = nearest(words[0] ?? '', heads)
  if (head === undefined) return undefined
  if (head !== 'parent' || words.length < 2) return [head, ...words.slice(1)].join('.')
  const second = nearest(words[1] ?? '', ['inputs', 'outputs', 'jobs'])
  if (second === undefined) return undefined
  if (second !== 'jobs') return [head, second, ...words.slice(2)].join('.')
  const side = nearest(words[3] ?? '', ['outputs', 'inputs']) ?? 'outputs'
  return [head, second, words[2] ?? 'STEP', side, words.slice(4).join('.') || 'NAME'].join('.')
}

/**
 * Reads a string with `${{ … }}` expressions and `$[[ … ]]` optional parts. Throws a UserError (naming `target`) for
 * one that is not closed or not known. `$[[inputs.x]]`, which people write for `$[[${{inputs.x}}]]`, is taken as that
 * with a warning.
 */
export function parseTemplate(text: string, target?: string): Template {
  const warnings: string[] = []
  const parse = (source: string, inOptional: boolean): Part[] => {
    const parts: Part[] = []
    let at = 0
    while (at < source.length) {
      const open = /\$\{\{|\$\[\[/g
      open.lastIndex = at
      const found = open.exec(source)
      if (!found || (found[0] === '$[[' && inOptional)) {
        parts.push({ text: source.slice(at) })
        break
      }
      if (found.index > at) parts.push({ text: source.slice(at, found.index) })
      const close = found[0] === '${{' ? '}}' : ']]'
      const start = found.index + 3
      const end = source.indexOf(close, start)
      if (end < 0)
        throw errors.validation(
          `'${shorten(source.slice(found.index))}' opens ${found[0]} and never closes it with ${close}.`,
          target === undefined ? {} : { target },
        )
      const inside = source.slice(start, end)
      at = end + 2
      if (found[0] === '${{') {
        parts.push({ reference: parseReference(inside, target), source: `\${{${inside}}}` })
      } else if (/^\s*inputs\.[\w.-]+\s*$/.test(inside)) {
        warnings.push(`$[[${inside}]] was taken as $[[\${{${inside.trim()}}}]].`)
        parts.push({ optional: [{ reference: parseReference(inside, target), source: `\${{${inside}}}` }] })
      } else {
        parts.push({ optional: parse(inside, true) })
      }
    }
    return parts
  }
  return { parts: parse(text, false), warnings }
}

/** The reference that is the whole of a string, as bindings in pipelines are; undefined for anything else. */
export function parseBinding(value: unknown, target?: string): Reference | undefined {
  if (typeof value !== 'string') return undefined
  const match = /^\s*\$\{\{([^}]*)\}\}\s*$/.exec(value)
  return match ? parseReference(match[1] ?? '', target) : undefined
}

/** Every reference in a template, with whether it stands in an optional part. */
export function references(
  template: Template,
): readonly { readonly reference: Reference; readonly optional: boolean }[] {
  const walk = (parts: readonly Part[], optional: boolean): { reference: Reference; optional: boolean }[] =>
    parts.flatMap((part) => {
      if ('optional' in part) return walk(part.optional, true)
      return 'reference' in part ? [{ reference: part.reference, optional }] : []
    })
  return walk(template.parts, false)
}

/**
 * The text with every reference replaced by its value. `valueOf` answers undefined for what has no value: an optional
 * part is then dropped; outside one it is an error. `'keep'` leaves such an expression as it was written.
 */
export function render(
  template: Template,
  valueOf: (reference: Reference) => string | undefined,
  missing: 'refuse' | 'keep' = 'refuse',
): string {
  const one = (part: Part): string => {
    if ('text' in part) return part.text
    if ('optional' in part) {
      const inner = part.optional.map((p) => ('reference' in p ? valueOf(p.reference) : 'x'))
      if (!inner.includes(undefined)) return part.optional.map(one).join('')
      return missing === 'keep' ? `$[[${part.optional.map(one).join('')}]]` : ''
    }
    const value = valueOf(part.reference)
    if (value !== undefined) return value
    if (missing === 'keep') return part.source
    throw errors.validation(`${part.source} has no value, and does not stand in an optional $[[ … ]].`)
  }
  return template.parts.map(one).join('')
}

export interface Scope {
  readonly inputs?: Iterable<string>
  readonly outputs?: Iterable<string>
  /** Inputs that may be left unset: only these may stand in `$[[ … ]]`. */
  readonly optionalInputs?: Iterable<string>
}

/** What a command's references get wrong against the inputs and outputs that it declares; empty if nothing. */
export function checkCommand(template: Template, scope: Scope, target: string): readonly Problem[] {
  const inputs = [...(scope.inputs ?? [])]
  const outputs = [...(scope.outputs ?? [])]
  const optional = new Set(scope.optionalInputs ?? [])
  return references(template).flatMap(({ reference: r, optional: inOptional }): Problem[] => {
    if (r.kind === 'input' || r.kind === 'output') {
      const declared = r.kind === 'input' ? inputs : outputs
      if (!declared.includes(r.name)) {
        // An optional part around an input that was not given is just what it is for.
        if (r.kind === 'input' && inOptional && scope.optionalInputs === undefined) return []
        return [{ target, message: `\${{${r.kind}s.${r.name}}}: ${undeclared(r.kind, r.name, declared)}` }]
      }
      if (r.kind === 'input' && !inOptional && optional.has(r.name))
        return [
          {
            target,
            message: `\${{inputs.${r.name}}} is optional, so it must stand in $[[ … ]], which is dropped when it has no value.`,
          },
        ]
      return []
    }
    if (r.kind === 'name' || r.kind === 'search_space') return []
    return [{ target, message: `A command may use inputs and outputs of its own, not \${{${spell(r)}}}.` }]
  })
}

/** `There is no input 'dta'; did you mean 'data'?`, or what there is. */
export function undeclared(what: string, name: string, declared: readonly string[]): string {
  const near = nearest(name, declared)
  if (near !== undefined) return `there is no ${what} '${name}'; did you mean '${near}'?`
  return declared.length === 0
    ? `there is no ${what} '${name}', and no ${what} is declared at all.`
    : `there is no ${what} '${name}'; declared: ${declared.join(', ')}.`
}

/** A reference as it is written between the braces. */
export function spell(r: Reference): string {
  switch (r.kind) {
    case 'input':
    case 'output':
      return `${r.kind}s.${r.name}`
    case 'parent-input':
    case 'parent-output':
      return `parent.${r.kind.slice(7)}s.${r.name}`
    case 'step-input':
    case 'step-output':
      return `parent.jobs.${r.step}.${r.kind.slice(5)}s.${r.name}`
    case 'search_space':
      return `search_space.${r.name}`
    default:
      return r.kind
  }
}

const shorten = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text)
