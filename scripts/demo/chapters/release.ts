import { decide } from '../people/people.ts'
import { followRelease, releasePath, type Beside, type Release } from '../show/release.ts'
import type { Chapter, Stage } from './stage.ts'

/** The first version to production: gates, an approval, all traffic. */
export const releaseFirst: Chapter = async (stage) => {
  const { twinloop } = stage
  await twinloop.command('release-plan', 'create', '--file', 'production/release-plan.yml')
  // Later versions are released because they are registered; this one was there before the plan.
  const begun = await twinloop.ask<readonly unknown[]>('release', 'list', '--plan', 'flight-delay')
  if (begun.length === 0)
    await twinloop.command('release', 'create', '--plan', 'flight-delay', '--model-version', '1')
  await pass(stage, 1)
  await deliver(stage, 1)
  const which = [
    '--endpoint-name',
    'flight-delay',
    '--name',
    'flight-delay-1',
    '--query',
    'runtime',
    '-o',
    'tsv',
  ]
  stage.screen.done('runtime', await twinloop.command('online-deployment', 'show', ...which))
}

/** Follows a release of the plan through its gates, and has its approval decided. */
export async function pass(stage: Stage, number: number): Promise<Release> {
  const { twinloop, screen } = stage
  const label = `flight-delay/${number}`
  screen.line(` ● release       ${label}`)
  const judged = await followRelease(twinloop, screen, releasePath('flight-delay', number), 'approval')
  if (judged.properties.endedAt === undefined)
    await decide(stage, `release ${label}`, ['release', 'approve', label])
  return judged
}

/** Follows it from there to its end, while what is beside it goes on. */
export async function deliver({ twinloop, screen }: Stage, number: number, beside?: Beside): Promise<void> {
  const path = releasePath('flight-delay', number)
  const { properties } = await followRelease(twinloop, screen, path, 'end', beside)
  const by = properties.stages.flatMap(({ approval }) => approval?.decisions.map((one) => one.by.name) ?? [])
  screen.done('released', `flight-delay:${properties.candidate.version}, approved by ${by.join(', ')}`)
}
