import { UserError } from '../../../kernel/errors.ts'
import { findCode } from '../../../training/programs.ts'
import { environmentNamed } from '../../origin/environment.ts'
import type { PlanContext, PlanMistake } from '../gate.ts'
import type { TestParameters } from './parameters.ts'

/** What a plan names is there. */
export async function checkPrograms(
  given: Pick<TestParameters, 'code' | 'environment'>,
  { platform, workspaceId }: PlanContext,
): Promise<readonly PlanMistake[]> {
  const { code, environment } = given
  const looks: readonly (readonly [string, () => Promise<unknown>])[] = [
    ...(code === undefined
      ? []
      : [['code', () => findCode(code, { platform, workspace: workspaceId, target: 'code' })] as const]),
    ...(environment === undefined
      ? []
      : [['environment', () => environmentNamed(platform, workspaceId, environment)] as const]),
  ]
  const mistakes: PlanMistake[] = []
  for (const [path, look] of looks)
    try {
      await look()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      mistakes.push({ path: [path], message: error.message })
    }
  return mistakes
}
