import type { Column, Session } from '../../analytics/analytics.ts'
import { identifier } from '../../analytics/analytics.ts'
import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { resolve } from '../resolve.ts'
import type { TableReferences } from '../tables/tables.ts'
import { withTables } from '../tables/with-tables.ts'
import type { Contract } from './contract.ts'
import { neededBy } from './evaluation/plan-check.ts'
import { theData } from './evaluation/plan.ts'
import type { Facts } from './evaluation/plan.ts'
import { summarise } from './evaluation/result.ts'
import type { Evaluation } from './evaluation/result.ts'
import { answer } from './evaluation/run.ts'

/**
 * Evaluates a contract against data in any form that `parseReference` knows, from inside a workspace. Nothing is
 * written. A check that cannot be evaluated is an error in the result; throws a UserError (or an AnalyticsError, which is
 * told as one) if the data themselves cannot be read, or the time is over.
 */
export async function evaluateContract(
  platform: Platform,
  workspaceId: string,
  contract: Contract,
  reference: string,
  options: { readonly signal?: AbortSignal; readonly timeoutMs?: number } = {},
): Promise<Evaluation> {
  const started = platform.clock()
  const began = performance.now()
  const previous = await versionBefore(platform, workspaceId, contract, reference)
  const wanted = new Set(
    contract.checks
      .flatMap(({ expectation }) => neededBy(expectation))
      .map((needed) => (needed === 'previous' ? previous : needed))
      .filter((needed) => needed !== undefined),
  )
  const others = await readable(platform, workspaceId, wanted, options)
  const views = Object.fromEntries(
    [...others]
      .filter(([, { problem }]) => problem === undefined)
      .map(([needed, { view }]) => [view, needed]),
  )
  const references: TableReferences & Record<string, string> = { ...views, [theData]: reference }
  return withTables(
    platform,
    workspaceId,
    references,
    async (session, tables) => {
      const facts: Facts = {
        columns: await columnsIn(session, theData),
        now: started,
        previous,
        others: new Map(
          await Promise.all(
            [...others].map(async ([needed, { view, problem }]) => {
              return [needed, problem ?? { view, columns: await columnsIn(session, view) }] as const
            }),
          ),
        ),
      }
      const results = await answer(session, contract.checks, facts, contract.examples)
      const [row] = (await session.select(`select count(*) from ${theData}`, { limit: 1 })).rows
      return {
        ...summarise(results),
        rows: Number(row?.[0] ?? 0),
        results,
        notes: tables[theData]?.notes ?? [],
        startedAt: started.toISOString(),
        seconds: Math.round(performance.now() - began) / 1000,
      }
    },
    options,
  )
}

async function columnsIn(session: Session, view: string): Promise<readonly Column[]> {
  return (await session.all(`select * from ${identifier(view)} limit 0`)).columns
}

/** Id of the version of the same asset that was made before the one a reference means; undefined where none was. */
async function versionBefore(
  platform: Platform,
  workspaceId: string,
  contract: Contract,
  reference: string,
): Promise<string | undefined> {
  if (!contract.checks.some(({ expectation }) => neededBy(expectation).includes('previous'))) return undefined
  const { asset } = await resolve(platform, workspaceId, reference)
  if (asset === undefined) return undefined
  const versions: readonly Resource[] = await platform.resources.list({
    type: asset.type,
    parent: asset.parent,
  })
  return versions[versions.findIndex(({ key }) => key === asset.key) + 1]?.id
}

/** Which of the other data can be opened; of those that cannot, why. One that is missing spoils only its own checks. */
async function readable(
  platform: Platform,
  workspaceId: string,
  wanted: ReadonlySet<string>,
  options: { readonly signal?: AbortSignal },
): Promise<ReadonlyMap<string, { readonly view: string; readonly problem?: string }>> {
  const found = new Map<string, { view: string; problem?: string }>()
  for (const needed of wanted) {
    const view = `twinloop_other_${found.size}`
    try {
      await withTables(platform, workspaceId, { [view]: needed }, () => Promise.resolve(), options)
      found.set(needed, { view })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      found.set(needed, { view, problem: error.message })
    }
  }
  return found
}
