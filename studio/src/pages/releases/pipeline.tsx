import type { Release, Stage } from '../../api/releases.ts'
import { Status, StatusDot } from '../../parts/status.tsx'
import style from './releases.module.css'

/** The stages beside each other, each with its gates, its approval and its delivery; the chosen one is shown below. */
export function Pipeline({
  release,
  chosen,
  onChoose,
}: {
  readonly release: Release
  readonly chosen: string
  readonly onChoose: (stage: string) => void
}) {
  const { stages, plan, stage: current } = release.properties
  return (
    <div className={style.pipeline} role="group" aria-label="Stages">
      {stages.map((stage) => {
        const planned = plan?.stages.find(({ name }) => name === stage.name)
        return (
          <button
            key={stage.name}
            type="button"
            className={style.stage}
            data-chosen={stage.name === chosen}
            aria-pressed={stage.name === chosen}
            onClick={() => onChoose(stage.name)}
          >
            <span className={style.stageHead}>
              <strong>{stage.name}</strong>
              {stage.name === current && release.properties.state === 'blocked' ? (
                <Status kind="release" state="blocked" />
              ) : (
                <Status kind="stage" state={stage.state} />
              )}
            </span>
            <span className={style.parts}>
              {stage.gates.map((gate) => (
                <span key={gate.name} className={style.part}>
                  <StatusDot kind="gate" state={gate.state} />
                  {gate.name}
                </span>
              ))}
              {planned?.approval === undefined ? null : (
                <span className={style.part}>
                  <StatusDot kind="gate" state={approvalState(stage)} />
                  approval
                </span>
              )}
              {planned?.deliver === undefined ? null : (
                <span className={style.part}>
                  <StatusDot kind="stage" state={stage.delivery?.state ?? 'pending'} />
                  delivery to {planned.deliver.online ?? planned.deliver.batch}
                </span>
              )}
            </span>
          </button>
        )
      })}
    </div>
  )
}

const approvalState = ({ approval }: Stage) =>
  approval === undefined
    ? 'pending'
    : approval.state === 'open'
      ? 'waived'
      : approval.state === 'approved'
        ? 'passed'
        : 'failed'
