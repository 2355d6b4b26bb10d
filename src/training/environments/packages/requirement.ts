/**
 * Python requirements (PEP 508) as text. Nothing is resolved here: uv does that, and says best what is wrong.
 */

/** `Scikit_Learn` and `scikit-learn` are one project (PEP 503). */
export const normalName = (name: string) => name.toLowerCase().replaceAll(/[-_.]+/g, '-')

/** The project that a requirement is of, or undefined for one that is only an address or an option. */
export function requirementName(line: string): string | undefined {
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?=$|[[<>=!~;@(,\s])/.exec(line)
  return match?.[1] === undefined ? undefined : normalName(match[1])
}

/** One spelling for each requirement, so that equal ones are found equal: normal name, no blanks but in markers. */
export function canonicalRequirement(line: string): string {
  const name = requirementName(line)
  if (name === undefined) return line.trim()
  const rest = line.slice(/^[A-Za-z0-9._-]+/.exec(line)?.[0].length ?? 0).trim()
  if (rest.startsWith('@')) return `${name} @ ${rest.slice(1).trim()}`
  const [specifiers, marker] = splitOnce(rest, ';')
  const compact = specifiers.replaceAll(/\s+/g, '').replaceAll(/^\((.*)\)$/g, '$1')
  return `${name}${compact}${marker === undefined ? '' : ` ; ${marker.trim()}`}`
}

/**
 * Constraints that keep packages together which write the same files: `mlflow` and `mlflow-skinny`. A plugin that needs
 * only the skinny one would else bring its newest, whose files then lie over those of the `mlflow` that was asked for.
 */
export function constraintsOf(requirements: readonly string[]): readonly string[] {
  return requirements
    .filter((line) => requirementName(line) === 'mlflow' && !line.includes('@'))
    .map((line) => canonicalRequirement(line).replace(/^mlflow(\[[^\]]*\])?/, 'mlflow-skinny'))
    .filter((line) => line !== 'mlflow-skinny')
}

/** Why a line of a pip list cannot be met where only the list itself was sent, or undefined if it can. */
export function problemOf(line: string): string | undefined {
  const option = /^(-{1,2}[A-Za-z-]+)/.exec(line)?.[1]
  if (option !== undefined) {
    if (['-r', '--requirement', '-c', '--constraint'].includes(option))
      return `${line} names a file that is not sent with the environment; list its packages here instead`
    if (['-e', '--editable'].includes(option) && !line.includes('://'))
      return `${line} installs a folder, which is not sent with the environment; add it to the job's code instead`
    return knownOptions.includes(option) ? undefined : `${option} is not understood in a list of packages`
  }
  if (/^(\.{0,2}\/|\.{1,2}$|file:|~\/)/.test(line))
    return `${line} is a path, which is not sent with the environment; add it to the job's code instead`
  if (line.includes('://')) return undefined
  const name = requirementName(line)
  if (name === undefined) return `${line} is not a requirement, such as scikit-learn==1.5.2`
  const rest = splitOnce(canonicalRequirement(line).slice(name.length), ' ;')[0]
  if (/^(\[[^\]]*\])?((===?|~=|!=|<=?|>=?)[A-Za-z0-9.*+!_-]+(,|$))*$/.test(rest)) return undefined
  const single = /^=([^=].*)$/.exec(rest)?.[1]
  if (single !== undefined) return `${line} has one "=", which pip does not know; write ${name}==${single}`
  return `${line} is not a requirement, such as scikit-learn==1.5.2`
}

/** The lines of a `requirements.txt`: comments gone, continuations joined. */
export function requirementLines(text: string): readonly string[] {
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
}

const knownOptions = [
  '-i',
  '--index-url',
  '--extra-index-url',
  '-f',
  '--find-links',
  '--no-index',
  '-e',
  '--editable',
  '--no-binary',
  '--only-binary',
  '--pre',
  '--prefer-binary',
  '--trusted-host',
]

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}
