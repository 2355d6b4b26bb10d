import { usage } from '../../../failure.ts'
import { azurePipelines } from './azure-pipelines.ts'
import { github } from './github.ts'
import type { CiSystem } from './review.ts'

/** CI systems whose environments ask people. Add one here. */
const systems: readonly CiSystem[] = [github, azurePipelines]

/** The one that this command runs in. */
export function systemHere(env: NodeJS.ProcessEnv): CiSystem {
  const found = systems.find((system) => system.isHere(env))
  if (found !== undefined) return found
  throw usage(
    `this is for jobs of ${systems.map(({ name }) => name).join(' and ')}, and this is none`,
    'release approve --on-behalf-of … --run … says the same in any other CI',
  )
}
