import type { VersionProperties } from '../../../api/models.ts'
import type { Run } from '../../../api/runs.ts'
import { labelOf } from '../../../api/resource.ts'

/** One thing in which two versions may differ. */
export interface Change {
  readonly kind: 'model' | 'data' | 'parameter'
  readonly name: string
  readonly champion: string | undefined
  readonly candidate: string | undefined
}

export interface Described {
  readonly version: VersionProperties
  readonly run: Run | undefined
}

/**
 * What two versions were made of, what differs first: model type and flavors, data by version, and parameters of their
 * runs. Not the metrics that they were registered with: those may be of different rows, and only a gate compares them.
 */
export function changesOf(
  champion: Described,
  candidate: Described,
): {
  readonly different: readonly Change[]
  readonly same: number
} {
  const [before, after] = [factsOf(champion), factsOf(candidate)]
  const keys = [...new Set([...before.keys(), ...after.keys()])]
  const all = keys.map((key): Change => {
    const [kind = 'model', ...rest] = key.split(' ')
    return {
      kind: kind as Change['kind'],
      name: rest.join(' '),
      champion: before.get(key),
      candidate: after.get(key),
    }
  })
  const different = all.filter((one) => one.champion !== one.candidate)
  return { different, same: all.length - different.length }
}

function factsOf({ version, run }: Described): ReadonlyMap<string, string> {
  const { modelType, flavors = {}, lineage } = version
  const flavor = Object.keys(flavors).find((name) => name !== 'python_function')
  return new Map([
    ...(modelType === undefined ? [] : [['model type', modelType] as const]),
    ...(flavor === undefined ? [] : [['model flavor', flavor] as const]),
    ...(lineage?.data ?? []).map(({ name, id }) => [`data ${name}`, labelOf(id)] as const),
    ...(run?.data.params ?? []).map(({ key, value }) => [`parameter ${key}`, value] as const),
  ])
}
