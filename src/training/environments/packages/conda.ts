import { LineCounter, isMap, parseDocument } from 'yaml'
import { errors, type Problem } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import { problemOf } from './requirement.ts'

/** What a conda environment file asks for, in pip's words. */
export interface CondaEnvironment {
  /** PEP 440 specifiers of the interpreter, e.g. `==3.11.*`; '' for any. */
  readonly python: string
  readonly requirements: readonly string[]
  /** Variables that conda sets on activation. */
  readonly variables: Readonly<Record<string, string>>
  readonly notes: readonly string[]
}

const target = 'properties.condaFile'
const keys = ['name', 'channels', 'dependencies', 'variables', 'prefix', 'platforms', 'category']

/** Conda packages that PyPI has under another name. */
const pypiNames: Readonly<Record<string, string>> = {
  'dask-core': 'dask',
  'lightgbm-cpu': 'lightgbm',
  'matplotlib-base': 'matplotlib',
  'msgpack-python': 'msgpack',
  'numpy-base': 'numpy',
  opencv: 'opencv-python-headless',
  psycopg2: 'psycopg2-binary',
  'py-lightgbm': 'lightgbm',
  'py-opencv': 'opencv-python-headless',
  'py-xgboost': 'xgboost',
  'py-xgboost-cpu': 'xgboost',
  'pyarrow-core': 'pyarrow',
  'python-graphviz': 'graphviz',
  'python-snappy': 'python-snappy',
  pytables: 'tables',
  pytorch: 'torch',
  'pytorch-cpu': 'torch',
  'seaborn-base': 'seaborn',
  'tensorflow-cpu': 'tensorflow',
  'tensorflow-gpu': 'tensorflow',
  'tensorflow-mkl': 'tensorflow',
}

/** Conda packages that are no Python package: compilers, system libraries, and pip, which is always there. */
const notPython =
  /^(_?lib(gcc|stdcxx|gomp|gfortran|ffi|png|tiff|jpeg|curl|blas|cblas|lapack|openblas|xml2|uuid|zlib|iconv|aio|sndfile).*|pip|ca-certificates|openssl|blas|openblas|mkl|mkl-service|mkl_fft|mkl_random|llvm-openmp|intel-openmp|cudatoolkit|cudnn|cuda.*|nccl|gcc.*|gxx.*|gfortran.*|compilers|make|git|curl|wget|openmpi|mpich|nodejs|r-base|r-.*|zlib|zstd|xz|sqlite|tk|readline|ncurses|bzip2|arrow-cpp|conda|nomkl|pytorch-cuda|cpuonly|openjdk|gdal|geos|proj|graphviz|swig|freetype|python_abi)$/

/** Reads a conda environment file. Throws a validation error with every problem, each with its line. */
export function readCondaFile(file: string | Readonly<Record<string, unknown>>): CondaEnvironment {
  const problems: Problem[] = []
  const content = typeof file === 'string' ? parse(file) : file
  const notes: string[] = []

  for (const key of Object.keys(content).filter((k) => !keys.includes(k))) {
    const near = nearest(key, keys)
    problems.push({
      target,
      message: `${key} is not a key of a conda file${near ? `; did you mean ${near}?` : ''}`,
    })
  }
  const channels = asList(content['channels'])
  const unusual = channels.filter((c) => !['defaults', 'conda-forge', 'anaconda'].includes(String(c)))
  if (unusual.length > 0)
    notes.push(
      `Packages are taken from the Python package index, not from the conda channels ${unusual.join(', ')}.`,
    )

  let python = ''
  const requirements: string[] = []
  for (const item of asList(content['dependencies'])) {
    if (typeof item === 'object' && item !== null) {
      const lists = Object.entries(item)
      for (const [name, lines] of lists) {
        if (name !== 'pip')
          problems.push({ target, message: `dependencies.${name} is not understood; only pip is` })
        else requirements.push(...pipLines(lines, problems))
      }
      continue
    }
    const parsed = condaDependency(String(item))
    if (parsed === undefined)
      problems.push({
        target,
        message: `${String(item)} is not a conda dependency, such as scikit-learn=1.5`,
      })
    else if (parsed.name === 'python') python = parsed.specifiers
    else if (notPython.test(parsed.name)) {
      if (parsed.name !== 'pip')
        notes.push(`${parsed.name} is no Python package: what the machine has is used.`)
    } else requirements.push(`${pypiNames[parsed.name] ?? parsed.name}${parsed.specifiers}`)
  }
  if (!Array.isArray(content['dependencies']))
    problems.push({ target, message: 'dependencies is missing: the list of packages' })

  if (problems.length > 0)
    throw errors.validation(`The conda file is not valid: ${problems[0]?.message}.`, {
      target,
      details: problems,
    })
  return { python, requirements, variables: variablesOf(content['variables']), notes }
}

/** `channel::name=1.2=build`, `name >=1.2,<2`, `name==1.2.3`: name and PEP 440 specifiers. Undefined if it is none. */
export function condaDependency(text: string): { name: string; specifiers: string } | undefined {
  const match = /^(?:[^\s:]+::)?([A-Za-z0-9_][A-Za-z0-9._-]*)\s*(.*)$/.exec(text.trim())
  const [, name = '', rest = ''] = match ?? []
  if (name === '') return undefined
  const specifiers: string[] = []
  for (const part of rest.split(',').map((p) => p.trim())) {
    if (part === '' || part === '*') continue
    const [, operator = '', version = ''] =
      /^(===?|=|~=|!=|<=|>=|<|>)?\s*([A-Za-z0-9.*+!_]+)(?:\s*=\s*\S+|\s+\S+)?$/.exec(part) ?? []
    if (version === '') return undefined
    specifiers.push(specifier(operator, version))
  }
  return { name: name.toLowerCase(), specifiers: specifiers.join(',') }
}

/** Conda's single `=` (and a bare version with a star) means "starts with"; its `==` and a bare version mean exactly. */
function specifier(operator: string, version: string): string {
  const bare = version.replace(/\.?\*$/, '')
  if (operator === '=' || ((operator === '' || operator === '==') && bare !== version))
    return /[a-z+!]/i.test(bare) ? `==${bare}` : `==${bare}.*`
  if (operator === '') return `==${version}`
  return operator === '!=' ? `!=${version}` : `${operator}${bare}`
}

function pipLines(lines: unknown, problems: Problem[]): readonly string[] {
  if (!Array.isArray(lines)) {
    problems.push({ target, message: 'dependencies.pip must be a list of packages' })
    return []
  }
  const texts = lines.map((line) =>
    String(line)
      .replace(/\s#.*$/, '')
      .trim(),
  )
  for (const text of texts) {
    const message = problemOf(text)
    if (message !== undefined) problems.push({ target, message })
  }
  return texts
}

/** Far beyond what conda writes of its largest environments; reading more would hold everybody up. */
const longest = 256 * 1024

function parse(text: string): Readonly<Record<string, unknown>> {
  if (text.length > longest)
    throw errors.validation(`The conda file has ${text.length} characters; at most ${longest} are read.`, {
      target,
    })
  const lineCounter = new LineCounter()
  const document = parseDocument(text, {
    lineCounter,
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
  })
  const details = document.errors.map((error) => {
    const { line, col } = lineCounter.linePos(error.pos[0])
    const why = /call stack/.test(error.message) ? 'it is nested too deeply' : error.message
    return { target, message: `line ${line}, column ${col}: ${why}` }
  })
  if (details[0])
    throw errors.validation(`The conda file is not YAML: ${details[0].message}.`, { target, details })
  if (!isMap(document.contents))
    throw errors.validation('The conda file must be a map with the key dependencies.', { target })
  try {
    return document.toJS() as Readonly<Record<string, unknown>>
  } catch (error) {
    // Aliases of aliases that would grow without end, or that lead nowhere.
    throw errors.validation(`The conda file is not YAML: ${(error as Error).message}.`, { target })
  }
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const variablesOf = (value: unknown): Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
    : {}
