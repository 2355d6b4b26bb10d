import { expressionsIn } from '../expressions.ts'
import { suggest } from './suggest.ts'
import type { Place } from '../graph.ts'
import type { Problem } from '../problem.ts'
import { dotted, rangeOf } from '../source.ts'

interface Commanded {
  readonly command: string
  readonly inputs?: Readonly<Record<string, unknown>> | undefined
  readonly outputs?: Readonly<Record<string, unknown>> | undefined
}

/** Checks that a command's expressions name inputs and outputs that its job, step or component has. */
export function checkCommand(commanded: Commanded, place: Place, problems: Problem[]): void {
  const path = [...place.path, 'command']
  for (const expression of expressionsIn(commanded.command)) {
    const [root = '', ...rest] = expression.names
    const name = rest.join('.')
    const complain = (message: string, hint: string | undefined) =>
      problems.push({
        source: place.source,
        range: rangeOf(place.source, path, expression.text),
        severity: 'error',
        message: `${dotted(path)}: ${message}`,
        hint,
      })
    if (root === 'inputs' || root === 'outputs') {
      const known = Object.keys(commanded[root] ?? {})
      // `inputs.group.name` and `inputs.data.path` begin with a declared name.
      const found =
        known.includes(name) || known.includes(rest[0] ?? '') || known.some((k) => k.startsWith(`${name}.`))
      if (!found && !expression.optional)
        complain(`there is no ${root.slice(0, -1)} ${name}`, suggest(name, known))
    } else if (!['name', 'search_space', 'default_datastore', 'output_name'].includes(root))
      complain(
        `${expression.text} is not an expression of a command`,
        root === 'parent'
          ? `did you mean \${{${name}}}?`
          : suggest(root, ['inputs', 'outputs', 'name', 'search_space']),
      )
  }
}
