import type { ModelVersion } from '../../api/models.ts'
import { Code } from '../../parts/code/code.tsx'
import { Panel } from '../../parts/panel.tsx'
import { usageOf } from './usage-texts.ts'
import style from './models.module.css'

/** How a version is used: from Python, by hand, in jobs and at endpoints. */
export function Usage({
  model,
  version,
  alias,
}: {
  readonly model: string
  readonly version: ModelVersion
  /** One that means it, where there is one. */
  readonly alias: string | undefined
}) {
  return (
    <div className={style.usage}>
      {usageOf(model, version.name, { alias, type: version.properties.modelType }).map(
        ({ title, note, text, language }) => (
          <Panel key={title} title={title} subtitle={note}>
            <Code text={text} language={language} />
          </Panel>
        ),
      )}
    </div>
  )
}
