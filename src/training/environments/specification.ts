import { createHash } from 'node:crypto'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import { readCondaFile } from './packages/conda.ts'
import { curatedEnvironment, curatedName, curatedNames } from './packages/curated.ts'
import { readDockerfile, type ContextFiles, type DockerfileContent } from './packages/dockerfile.ts'
import { canonicalRequirement, problemOf, requirementLines, requirementName } from './packages/requirement.ts'

/** What an environment is made from: Azure ML's fields, or a pip requirements file. */
export interface EnvironmentSource {
  readonly image?: string | null | undefined
  /** The conda file's text, or what it parses to. */
  readonly condaFile?: string | Readonly<Record<string, unknown>> | null | undefined
  readonly build?:
    | { readonly contextUri?: string; readonly dockerfilePath?: string | null | undefined }
    | null
    | undefined
  /** The files of the build's context, where they can be read: then what its Dockerfile installs is known. */
  readonly context?: { readonly files: ContextFiles } | undefined
  /** Text of a `requirements.txt` (of an MLflow model, for instance). */
  readonly requirements?: string | null | undefined
  /** PEP 440 specifiers of the interpreter beside `requirements`. */
  readonly python?: string | null | undefined
}

/** A Python environment to be: canonical, so that equal ones are built once. */
export interface EnvironmentSpecification {
  /** PEP 440 specifiers of the interpreter, e.g. `==3.11.*`; '' for the machine's own. */
  readonly python: string
  /** Options of pip first, in their order; then requirements by name. */
  readonly requirements: readonly string[]
  /** Variables that conda would set. */
  readonly variables: Readonly<Record<string, string>>
  /** What differs from what was asked for, to be told once to who uses it. */
  readonly notes: readonly string[]
}

/** What a job gets whose environment names an image and no packages. */
const defaultRequirements = ['mlflow-skinny==2.22.2', 'numpy<3', 'pandas<3']

/** What every conda environment has, unless the specification says which. */
const always = ['pip', 'setuptools<81']

/** The specification of an environment's source. Throws a validation error that names what cannot be understood. */
export function specificationOf(source: EnvironmentSource): EnvironmentSpecification {
  const { image, condaFile, requirements, build } = source
  if (condaFile !== undefined && condaFile !== null) {
    const conda = readCondaFile(condaFile)
    const notes = image ? [imageNote(image)] : []
    return specification(conda.python, conda.requirements, [...notes, ...conda.notes], conda.variables)
  }
  if (requirements !== undefined && requirements !== null)
    return fromRequirements(requirements, source.python ?? '')
  const dockerfile = build?.dockerfilePath ?? 'Dockerfile'
  const text = source.context?.files[dockerfile.replace(/^\.\//, '')]
  if (build && text !== undefined)
    return fromDockerfile(dockerfile, readDockerfile(text, source.context?.files ?? {}))
  const curated = image ? curatedName(image) : undefined
  if (curated !== undefined) return curatedSpecification(curated)
  const what = build ? `Dockerfile ${dockerfile}` : `image ${image}`
  return specification('', defaultRequirements, [
    `The ${what} is not used on this machine, and no conda file says which packages it needs: ` +
      `the environment has ${defaultRequirements.map((r) => requirementName(r)).join(', ')}.`,
  ])
}

/** The specification of a curated environment by name. Throws notFound, naming the nearest. */
export function curatedSpecification(name: string): EnvironmentSpecification {
  const curated = curatedEnvironment(name)
  if (curated) return specification('', curated.requirements, curated.notes)
  const near = nearest(name.replace(/^azureml-/i, ''), curatedNames)
  throw errors.notFound(
    `There is no curated environment ${name} here.${near ? ` The nearest is ${near}.` : ''} There are: ${curatedNames.join(', ')}.`,
  )
}

/** Names the environment that is built of a specification with this interpreter. Notes and variables play no part. */
export function environmentKey(specification: EnvironmentSpecification, interpreter: string): string {
  const content = JSON.stringify([interpreter, process.platform, process.arch, specification.requirements])
  return createHash('sha256').update(content).digest('hex').slice(0, 32)
}

function fromDockerfile(name: string, content: DockerfileContent): EnvironmentSpecification {
  const note = `On this machine no image is built of ${name}: the Python packages that it installs are installed.`
  return specification(content.python, content.requirements, [note, ...content.notes], content.variables)
}

function fromRequirements(text: string, python: string): EnvironmentSpecification {
  const lines = requirementLines(text)
  const details = lines.flatMap((line) => {
    const message = problemOf(line)
    return message === undefined ? [] : [{ target: 'requirements', message }]
  })
  if (details[0])
    throw errors.validation(`The list of requirements is not valid: ${details[0].message}.`, {
      target: 'requirements',
      details,
    })
  return specification(python, lines, [])
}

function specification(
  python: string,
  lines: readonly string[],
  notes: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): EnvironmentSpecification {
  const named = new Set(lines.map((line) => requirementName(line)))
  const added = always.filter((line) => !named.has(requirementName(line)))
  const options = lines.filter((line) => line.startsWith('-'))
  const requirements = [...lines, ...added].filter((line) => !line.startsWith('-')).map(canonicalRequirement)
  return {
    python,
    requirements: [...options, ...[...new Set(requirements)].sort()],
    variables,
    notes: [...new Set(notes)],
  }
}

const imageNote = (image: string) =>
  `The image ${image} is not used on this machine: the conda file's packages are installed for its own Python.`
