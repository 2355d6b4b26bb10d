import type { Twinloop } from '../server/twinloop.ts'

interface Version {
  readonly properties: { readonly contract?: string }
}
interface Result {
  readonly properties: { readonly rows?: number }
}

/**
 * Watches what a contract says of versions of its data, from before they are made. The returned function waits until it
 * has spoken of each, and tells how many rows they have together and what came of them: `contract passed`.
 */
export async function watchContract(twinloop: Twinloop, name: string) {
  const told = await twinloop.events(['Twinloop.ResourceStatusChanged'])
  const settled = async (version: string) => {
    const { properties } = await twinloop.get<Version>(`data/${name}/versions/${version}`)
    return properties.contract === 'running' ? undefined : properties.contract
  }
  return async (versions: readonly string[]): Promise<{ rows: number; words: string }> => {
    const outcomes = new Map<string, string>()
    // Versions that were there before their contract are evaluated when they are asked for.
    for (const version of versions)
      if ((await twinloop.get<Version>(`data/${name}/versions/${version}`)).properties.contract === undefined)
        await twinloop.command('data-contract', 'check', '-n', name, '-d', `${name}:${version}`)
    const look = async () => {
      for (const version of versions) {
        const outcome = outcomes.get(version) ?? (await settled(version))
        if (outcome !== undefined) outcomes.set(version, outcome)
      }
      return outcomes.size === versions.length
    }
    if (!(await look())) for await (const _ of told) if (await look()) break
    const results = await Promise.all(
      versions.map((version) =>
        twinloop.get<Result>(`data/${name}/versions/${version}/providers/Twinloop/contractResults/${name}`),
      ),
    )
    return {
      rows: results.reduce((sum, { properties }) => sum + (properties.rows ?? 0), 0),
      words: inWords(outcomes),
    }
  }
}

/** `contract passed`, or what is wrong and where. */
function inWords(outcomes: ReadonlyMap<string, string>): string {
  const others = [...outcomes].filter(([, outcome]) => outcome !== 'passed')
  if (others.length === 0) return 'contract passed'
  return `contract ${[...new Set(others.map(([, outcome]) => outcome))].join(' and ')} in ${others.map(([version]) => version).join(', ')}`
}
