import { complain, isMap, spelled } from '../../../kernel/grammar/place.ts'
import type { Mistake, Place } from '../../../kernel/grammar/place.ts'
import { readBy } from '../../../kernel/grammar/schema.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Signal } from '../signal.ts'
import { nearestKind, signalOf, signals } from '../signals.ts'
import { sharedWords } from './shared.ts'

type Words = Readonly<Record<string, unknown>>

/**
 * What is wrong with a signal as YAML has it, beyond what all signals have alike: its kind, the kind's own parameters,
 * and thresholds of metrics that the kind has not. `path` is where it stands; the mistakes' paths begin with it.
 */
export function signalMistakes(words: Words, path: Place['path']): readonly Mistake[] {
  const place: Place = { path, mistakes: [] }
  const { type } = words
  if (typeof type !== 'string') return []
  const found = signalOf(type)
  if (found === undefined) unknownKind({ ...place, path: [...path, 'type'] }, type)
  else {
    checkParameters(place, words, found)
    checkThresholds({ ...place, path: [...path, 'metric_thresholds'] }, words['metric_thresholds'], found)
  }
  return place.mistakes
}

function unknownKind(place: Place, kind: string): void {
  const near = nearestKind(kind)
  complain(place, `: "${kind}" is not a kind of signal`, {
    hint: kind.startsWith('generation_')
      ? 'signals of language models are not computed here'
      : near === undefined
        ? `one of ${signals.map((one) => one.kind).join(', ')}`
        : `did you mean ${near}?`,
  })
}

/** Names of what is not a parameter of a kind: what all have alike, and what is read under another name. */
const common: ReadonlySet<string> = new Set([...sharedWords, 'connection'])

function checkParameters({ path, mistakes }: Place, words: Words, found: Signal<never>): void {
  const own = Object.fromEntries(Object.entries(words).filter(([key]) => isOwn(key, found)))
  const place: Place = { path, mistakes: [] }
  readBy(place, own, found.parameters, found.kind)
  for (const mistake of place.mistakes) {
    const { path: at, part } = mistake
    const near =
      part === 'key' && at.length === path.length + 1 ? nearest(String(at.at(-1)), common) : undefined
    mistakes.push(near === undefined ? mistake : { ...mistake, hint: `did you mean ${near}?` })
  }
}

/** Custom signals give their component what they name; of all others these are no parameters. */
const isOwn = (key: string, { kind }: Signal<never>): boolean =>
  !common.has(key) || (kind === 'custom' && (key === 'inputs' || key === 'connection'))

function checkThresholds({ path, mistakes }: Place, given: unknown, { kind, metrics }: Signal<never>): void {
  if (!isMap(given) || metrics.length === 0) return
  const check = (at: Place['path'], metric: string, group?: string) => {
    const known = metrics.filter(
      (one) => group === undefined || one.group === undefined || one.group === group,
    )
    const plain = (word: string) => word.replaceAll('_', '').toLowerCase()
    const isKnown = known.some(({ name, wire }) => [name, wire].some((one) => plain(one) === plain(metric)))
    if (isKnown || aliases.includes(metric)) return
    const names = [...new Set(known.map(({ name }) => name))]
    const near = nearest(metric, names)
    mistakes.push({
      path: at,
      part: 'key',
      message: `${spelled(at)} is not a metric of ${kind}${group === undefined ? '' : ` for ${group}`}`,
      hint: near === undefined ? `one of ${names.join(', ')}` : `did you mean ${near}?`,
    })
  }
  for (const [name, limit] of Object.entries(given))
    if (isMap(limit)) for (const metric of Object.keys(limit)) check([...path, name, metric], metric, name)
    else check([...path, name], name)
}

/** As documentation and samples call metrics that have another name, too; the server knows which. */
const aliases = ['chi_squared_test', 'normalized_wasserstein']
