import { childId, scopeId } from '../../../kernel/resources/arm-id.ts'
import { challengerAlias } from '../champion.ts'
import { changeRelease } from '../change.ts'
import { modelIn } from '../model-copies.ts'
import { stageWorkspace } from '../stage-workspace.ts'
import { withStage } from '../state.ts'
import type { Step, Stepped } from './context.ts'
import { asOwner } from './end.ts'

/** A stage begins: the candidate and the champion are brought into its workspace. */
export async function enterStage(step: Step): Promise<Stepped> {
  const { platform, release, record } = step
  const { candidate, champion, owner, stages } = release.status
  const workspace = await stageWorkspace(platform, release, record.name)
  const found = await modelIn(platform, owner, candidate.id, workspace)
  if (champion !== undefined) await modelIn(platform, owner, champion.id, workspace)
  if (stages[0]?.name === record.name && champion?.version !== candidate.version) {
    const model = childId(scopeId(release.id) ?? '', 'models', candidate.name)
    await asOwner(platform, owner, model, 'setAlias', { alias: challengerAlias, version: candidate.version })
  }
  const moved = found.id === candidate.id ? '' : `, where ${candidate.name}:${candidate.version} was copied`
  await changeRelease(platform, release.key, ({ status }) => ({
    state: {
      stage: record.name,
      state: 'running',
      reason: `It is in stage ${record.name}.`,
      ...withStage(status, record.name, { state: 'gates' }),
    },
    happened: [{ who: 'Twinloop release', what: `entered stage ${record.name}${moved}` }],
  }))
}
