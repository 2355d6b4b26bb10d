import { errors } from '../../kernel/errors.ts'
import { shown } from './message.ts'

/** MLflow's limits, in characters and items. */
export const limits = {
  metricsPerBatch: 1000,
  paramsPerBatch: 100,
  tagsPerBatch: 100,
  itemsPerBatch: 1000,
  keyLength: 250,
  paramValue: 6000,
  runTagValue: 8000,
  experimentName: 500,
  experimentTagValue: 5000,
  registryTagValue: 100_000,
  aliasLength: 255,
  datasetName: 500,
  datasetDigest: 36,
  datasetSource: 65_535,
  datasetSchema: 1_048_575,
  datasetProfile: 16_777_215,
  inputTagKey: 255,
  inputTagValue: 500,
  runsPerPage: 50_000,
  experimentsPerPage: 50_000,
  historyPerPage: 25_000,
} as const

const keyPattern = /^[/\p{L}\p{N}\p{M}_.\- :]*$/u

/** Checks the name of a metric, parameter or tag: it becomes a path in artifact stores and user interfaces. */
export function checkKey(name: string, parameter: string): string {
  const invalid = (why: string) =>
    errors.badRequest(`Invalid value ${shown(name)} for parameter '${parameter}' supplied: ${why}`, {
      target: parameter,
    })
  if (!keyPattern.test(name))
    throw invalid(
      'Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).',
    )
  if (name.length > limits.keyLength)
    throw invalid(`the name has ${name.length} characters, and at most ${limits.keyLength} are allowed.`)
  if (
    name === '' ||
    name.startsWith('/') ||
    name.split('/').some((part) => part === '' || part === '.' || part === '..')
  )
    throw invalid(
      'Names may be treated as files in certain cases, and must not resolve to other names when treated as such.',
    )
  return name
}

/** Throws if the text is longer than allowed. */
export function checkLength(value: string, max: number, parameter: string): string {
  if (value.length <= max) return value
  throw errors.badRequest(
    `'${parameter}' exceeds the maximum length: it has ${value.length} characters, and at most ${max} are allowed.`,
    { target: parameter },
  )
}

/** Cuts a value to what is kept: MLflow does so too, rather than refuse the run's parameters. */
export const truncated = (value: string, max: number): string =>
  value.length <= max ? value : value.slice(0, max)

/** A page's size: the default if none was asked for. Throws outside 1 to `max`. */
export function pageSize(
  asked: number | undefined,
  defaults: { readonly default: number; readonly max: number },
): number {
  const size = asked ?? defaults.default
  if (size >= 1 && size <= defaults.max) return size
  throw errors.badRequest(
    `Invalid value ${size} for parameter 'max_results' supplied: it must be a positive integer of at most ${defaults.max}.`,
    { target: 'max_results' },
  )
}

/** Experiment ids are whole numbers written out; anything else means none. */
export const experimentNumber = (id: string): number => (/^\d{1,15}$/.test(id) ? Number(id) : -1)
