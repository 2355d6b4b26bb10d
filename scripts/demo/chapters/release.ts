import { decide } from './people.ts'
import { followRelease, releasePath } from '../show/release.ts'
import type { Chapter, Stage } from './stage.ts'

/** The first version to production: gates, an approval, all traffic. */
export const releaseFirst: Chapter = async (stage) => {
  const { twinloop } = stage
  await twinloop.command('release-plan', 'create', '--file', 'production/release-plan.yml')
  // Later versions are released because they are registered; this one was there before the plan.
  const begun = await twinloop.ask<readonly unknown[]>('release', 'list', '--plan', 'flight-delay')
  if (begun.length === 0)
    await twinloop.command('release', 'create', '--plan', 'flight-delay', '--model-version', '1')
  await release(stage, 1)
  const which = ['--endpoint-name', 'flight-delay', '--name', 'flight-delay-1', '--query', 'runtime', '-o', 'tsv']
  stage.screen.done('runtime', await twinloop.command('online-deployment', 'show', ...which))
}

/**
 * Follows a release of the plan, which began when its version was registered, through its gates and its approval to its
 * end. `delivering` is told when callers begin to get it.
 */
export async function release(stage: Stage, number: number, delivering?: () => void): Promise<void> {
  const { twinloop, screen } = stage
  const path = releasePath('flight-delay', number)
  screen.line(` ● release       flight-delay/${number}`)
  const judged = await followRelease(twinloop, screen, path, 'approval')
  if (judged.properties.endedAt === undefined) {
    const label = `flight-delay/${number}`
    await decide(stage, `release ${label}`, ['release', 'approve', label])
  }
  delivering?.()
  const { properties } = await followRelease(twinloop, screen, path, 'end')
  const by = properties.stages.flatMap(({ approval }) => approval?.decisions.map((one) => one.by.name) ?? [])
  screen.done('released', `flight-delay:${properties.candidate.version}, approved by ${by.join(', ')}`)
}
