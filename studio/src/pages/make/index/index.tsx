import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Command } from '../../../parts/copy.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { NewButton } from '../../../parts/make.tsx'
import { makeKinds, type MakeKindName } from '../../../parts/make-kinds.ts'
import { Page, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import style from './index.module.css'

/** All that can be made, by the elements of the architecture: what it is, and the command that makes it from a file. */
export function Making() {
  const workspace = useWorkspace()
  const elements = Map.groupBy(Object.entries(makeKinds), ([, { element }]) => element)
  return (
    <Page
      title="New"
      meta={<span>in {workspace.name}: each from an example, by a form or as YAML</span>}
      actions={
        <Equivalents
          cli={[
            { what: 'What files may say', command: 'twinloop schema list' },
            { what: 'Whether one may', command: 'twinloop validate data.yml' },
          ]}
          rest={[{ method: 'GET', path: '/schemas' }]}
        />
      }
    >
      <Stack>
        {[...elements].map(([element, kinds]) => (
          <Panel key={element} title={element} flush>
            <ul className={style.kinds}>
              {kinds.map(([kind, { title, about, noun }]) => (
                <li key={kind}>
                  <NewButton kind={kind as MakeKindName} variant="default" size="xs" label={`New ${title}`} />
                  <p>{about}</p>
                  <Command text={`twinloop ${noun} create -f ${kind}.yml`} />
                </li>
              ))}
            </ul>
          </Panel>
        ))}
        <Elsewhere />
      </Stack>
    </Page>
  )
}

/** What comes to be on pages of its own. */
function Elsewhere() {
  const to = usePaths()
  const others: readonly (readonly [name: string, to: string, about: string])[] = [
    ['A person, a role or a token', to.adminPage('people'), 'Who may do what, and as whom programs sign in.'],
    ['A workspace', to.adminPage('workspaces'), 'A place of its own for data, models and people.'],
    ['An event subscription', to.adminPage('events'), 'A program outside that is told of what happens.'],
    ['A component', to.components, 'A step for pipelines; the command line uploads its code.'],
    ['A run', to.experiments, 'Any program that logs to MLflow makes it; twinloop env says where to.'],
  ]
  return (
    <Panel title="Elsewhere" subtitle="what is made where it is shown" flush>
      <ul className={style.kinds}>
        {others.map(([name, place, about]) => (
          <li key={name}>
            <Go to={place}>{name}</Go>
            <p>{about}</p>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
