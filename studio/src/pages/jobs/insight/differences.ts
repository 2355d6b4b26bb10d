import type { Job, JobInput } from '../../../api/jobs.ts'
import { labelOf } from '../../../api/resource.ts'

/** One thing in which jobs may differ, as text for each of them; undefined where one has none. */
export interface Difference {
  readonly name: string
  readonly values: readonly (string | undefined)[]
  readonly isSame: boolean
}

const inputText = ({ value, uri }: JobInput): string | undefined =>
  value ?? (uri === undefined ? undefined : labelOf(uri))

function facts({ properties: p }: Job): ReadonlyMap<string, string | undefined> {
  const git = p.properties ?? {}
  return new Map([
    ...Object.entries(p.inputs ?? {}).map(([name, input]) => [`input ${name}`, inputText(input)] as const),
    ['command', p.command] as const,
    ['code', p.codeId === undefined ? undefined : labelOf(p.codeId)] as const,
    ['commit', git['mlflow.source.git.commit']?.slice(0, 10)] as const,
    ['environment', p.environmentId === undefined ? undefined : labelOf(p.environmentId)] as const,
    ['component', p.componentId === undefined ? undefined : labelOf(p.componentId)] as const,
    ['compute', p.computeId?.split('/').at(-1)] as const,
    ...Object.entries(p.environmentVariables ?? {}).map(
      ([name, value]) => [`variable ${name}`, value] as const,
    ),
    ...Object.entries(p.settings ?? {}).map(
      ([name, value]) =>
        [`setting ${name}`, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    ),
    ...Object.entries(p.jobs ?? {}).flatMap(([name, node]) => leaves(node, `step ${name}`)),
  ])
}

/** Each word and number of what is nested, under the names that lead there: what differs is read, and not searched. */
function leaves(value: unknown, path: string): readonly (readonly [string, string | undefined])[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, inner]) => leaves(inner, `${path} · ${name}`))
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return []
  const text = String(value)
  return [[path, /^(?:azureml:)?\/subscriptions\//.test(text) ? labelOf(text) : text]]
}

/** What jobs were asked to do, side by side; that in which they differ first. */
export function differencesOf(jobs: readonly Job[]): readonly Difference[] {
  const all = jobs.map(facts)
  const names = [...new Set(all.flatMap((map) => [...map.keys()]))]
  return names
    .map((name) => {
      const values = all.map((map) => map.get(name))
      return { name, values, isSame: values.every((value) => value === values[0]) }
    })
    .filter(({ values }) => values.some((value) => value !== undefined))
    .toSorted((a, b) => Number(a.isSame) - Number(b.isSame))
}

/** The middle of some numbers; undefined of none. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[half - 1], sorted[half]]
  if (high === undefined) return undefined
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2
}
