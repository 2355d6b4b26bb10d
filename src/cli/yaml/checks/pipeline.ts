import { bindingOf, expressionsIn } from '../expressions.ts'
import type { Expression } from '../expressions.ts'
import { isCommand } from '../graph.ts'
import type { Graph, GraphStep, Place } from '../graph.ts'
import type { Problem } from '../problem.ts'
import { checkCommand } from './command.ts'
import { suggest } from './suggest.ts'
import { checkLiteral, isLiteralType } from './literal.ts'
import type { DeclaredInput, Input } from '../shapes/values.ts'
import { dotted, rangeAt, rangeOf } from '../source.ts'

/**
 * Checks what the shape of a pipeline cannot say: that every expression names something there is, that components get
 * the inputs they need and of the right type, that no step waits for itself. Needs no server. What is doubtful is passed
 * over, so that one mistake is not told twice.
 */
export function checkGraph(graph: Graph, problems: Problem[]): void {
  for (const step of graph.steps.values()) {
    if (step.doubtful) continue
    checkBindings(graph, step, problems)
    checkInputs(graph, step, problems)
    if (isCommand(step)) checkCommand(step.value as { command: string }, step.place, problems)
    else if (typeof step.component === 'object') {
      const { graph: inner, value, place } = step.component
      if (inner !== undefined) checkGraph(inner, problems)
      else if ('command' in value) checkCommand(value, place, problems)
    }
  }
  checkCycles(graph, problems)
}

/** Outputs that a step is known to have; undefined if only the server knows, or what is wrong with it hides them. */
function outputsOf(step: GraphStep): readonly string[] | undefined {
  if (step.doubtful || typeof step.component === 'string') return undefined
  return Object.keys((step.component?.value ?? step.value).outputs ?? {})
}

/** Every expression outside commands: in inputs, outputs, compute, limits, environment variables. */
function bindingsOf(step: GraphStep): readonly { readonly expression: Expression; readonly place: Place }[] {
  const found: { expression: Expression; place: Place }[] = []
  const walk = (value: unknown, place: Place) => {
    if (typeof value === 'string')
      for (const expression of expressionsIn(value)) found.push({ expression, place })
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, { ...place, path: [...place.path, key] })
  }
  const { inputs, outputs, compute, limits, resources, environment_variables, tags } = step.value
  for (const [field, value] of Object.entries({
    inputs,
    outputs,
    compute,
    limits,
    resources,
    environment_variables,
    tags,
  }))
    walk(value, { ...step.place, path: [...step.place.path, field] })
  return found
}

function checkBindings(graph: Graph, step: GraphStep, problems: Problem[]): void {
  for (const { expression, place } of bindingsOf(step)) {
    const complain = (message: string, hint?: string) =>
      problems.push({
        source: place.source,
        range: rangeOf(place.source, place.path, expression.text),
        severity: 'error',
        message: `${dotted(place.path)}: ${message}`,
        hint,
      })
    const [root = '', kind = '', name = '', side = '', port = ''] = expression.names
    if (['name', 'default_datastore', 'output_name'].includes(root) && expression.names.length === 1) continue
    if (root !== 'parent') {
      const better = ['inputs', 'outputs', 'jobs'].includes(root)
        ? `\${{parent.${expression.names.join('.')}}}`
        : undefined
      complain(
        `${expression.text} is not an expression of a step`,
        better === undefined
          ? suggest(root, ['parent', 'name', 'default_datastore', 'output_name'])
          : `did you mean ${better}?`,
      )
    } else if (kind === 'inputs' || kind === 'outputs') {
      const known = Object.keys(graph.value[kind] ?? {})
      const wanted = expression.names.slice(2).join('.')
      if (!graph.doubtful && !known.includes(wanted) && !known.includes(name))
        complain(`the pipeline has no ${kind.slice(0, -1)} ${wanted}`, suggest(wanted, known))
    } else if (kind === 'jobs') {
      const other = graph.steps.get(name)
      if (other === undefined) {
        if (!graph.doubtful)
          complain(`the pipeline has no step ${name}`, suggest(name, [...graph.steps.keys()]))
      } else if (side === 'outputs') {
        const known = outputsOf(other)
        if (known !== undefined && !known.includes(port))
          complain(`step ${name} has no output ${port}`, suggest(port, known))
      } else if (side !== 'inputs')
        complain(
          `${expression.text} is neither an output nor an input of step ${name}`,
          suggest(side, ['outputs', 'inputs']),
        )
    } else if (kind !== 'name')
      complain(
        `${expression.text} names nothing of the pipeline`,
        suggest(kind, ['inputs', 'outputs', 'jobs']),
      )
  }
}

/** What a component declares against what its step gives. */
function checkInputs(graph: Graph, step: GraphStep, problems: Problem[]): void {
  if (step.component === undefined || typeof step.component === 'string') return
  const declared = step.component.value.inputs ?? {}
  const given = step.value.inputs ?? {}
  const { source, path } = step.place
  const label = `component ${step.component.value.name ?? 'of this step'}`
  for (const [name, value] of Object.entries(given)) {
    const at = { source, path: [...path, 'inputs', name] }
    const declaration = declared[name]
    if (declaration === undefined || declaration === null) {
      // Groups of parameters are written with dots below a declared name.
      if (Object.keys(declared).some((d) => d.startsWith(`${name}.`) || name.startsWith(`${d}.`))) continue
      problems.push({
        source,
        range: rangeAt(source, at.path, 'key'),
        severity: 'error',
        message: `${dotted(at.path)}: ${label} has no input ${name}`,
        hint: suggest(name, Object.keys(declared)),
      })
    } else if (value !== null) checkType(graph, declaration, value, at, problems)
  }
  for (const [name, declaration] of Object.entries(declared)) {
    const needed = declaration !== null && declaration.optional !== true && declaration.default === undefined
    if (needed && (given[name] === undefined || given[name] === null))
      problems.push({
        source,
        range: rangeAt(source, 'inputs' in step.value ? [...path, 'inputs'] : path, 'key'),
        severity: 'error',
        message: `${dotted(path)}: ${label} needs the input ${name} (${declaration.type})`,
        hint: `add ${name}: under inputs`,
      })
  }
}

/** A literal where data is wanted, data where a literal is wanted, a literal that is not of its type. */
function checkType(
  graph: Graph,
  declared: DeclaredInput,
  value: NonNullable<Input>,
  at: Place,
  problems: Problem[],
): void {
  const wantsLiteral = isLiteralType(declared.type)
  const complain = (message: string) =>
    problems.push({
      source: at.source,
      range: rangeAt(at.source, at.path),
      severity: 'error',
      message: `${dotted(at.path)}: ${message}`,
    })
  const given = typeof value === 'string' ? value : (value.path ?? value.value ?? value.default)
  const binding = given === undefined ? undefined : bindingOf(given)
  if (binding !== undefined) {
    const bound = boundType(graph, binding)
    if (bound !== undefined && bound !== 'unknown' && isLiteralType(bound) !== wantsLiteral)
      complain(`the component wants ${declared.type}, ${binding.text} is ${bound}`)
  } else if (wantsLiteral) {
    if (typeof value !== 'string' && value.path !== undefined)
      complain(`the component wants ${declared.type}, not data`)
    else if (given !== undefined) {
      const wrong = checkLiteral(declared, given)
      if (wrong !== undefined) complain(wrong)
    }
  } else if (typeof value === 'string' && !looksLikePath(value))
    complain(`the component wants ${declared.type}, not the text "${value}"`)
}

/** Type of what a binding stands for: of a pipeline's input or a step's output. */
function boundType(
  graph: Graph,
  { names: [, kind, name = '', side, port = ''] }: Expression,
): string | undefined {
  if (kind === 'inputs') {
    const input = graph.value.inputs?.[name]
    if (input === undefined || input === null) return undefined
    if (typeof input === 'string') return looksLikePath(input) ? 'unknown' : 'string'
    if ('path' in input && input.path !== undefined) return input.type ?? 'uri_folder'
    return input.type
  }
  const step = graph.steps.get(name)
  if (kind !== 'jobs' || side !== 'outputs' || step === undefined || typeof step.component === 'string')
    return undefined
  const output = (step.component?.value ?? step.value).outputs?.[port]
  return typeof output === 'object' && output !== null ? output.type : undefined
}

const looksLikePath = (text: string) => /[/\\:]|^\$\{\{/.test(text)

/** A step that waits for itself, through however many others; each circle once. */
function checkCycles(graph: Graph, problems: Problem[]): void {
  const state = new Map<string, 'open' | 'done'>()
  const visit = (name: string, trail: readonly string[]): void => {
    state.set(name, 'open')
    const step = graph.steps.get(name)
    for (const { expression, place } of step === undefined ? [] : bindingsOf(step)) {
      const [root, kind, next = ''] = expression.names
      if (root !== 'parent' || kind !== 'jobs' || !graph.steps.has(next)) continue
      if (state.get(next) === 'open') {
        const circle = [...trail.slice(trail.indexOf(next)), next]
        problems.push({
          source: place.source,
          range: rangeOf(place.source, place.path, expression.text),
          severity: 'error',
          message: `${dotted(place.path)}: the steps wait for each other: ${circle.join(' → ')}`,
        })
      } else if (!state.has(next)) visit(next, [...trail, next])
    }
    state.set(name, 'done')
  }
  for (const name of graph.steps.keys()) if (!state.has(name)) visit(name, [name])
}
