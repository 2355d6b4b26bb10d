import type { EnvironmentVersionProperties } from '../../api/shelf.ts'
import { usePaths } from '../../frame/workspace.ts'
import { Code } from '../../parts/code/code.tsx'
import { EditButton } from '../../parts/make.tsx'
import { Facts, Panel } from '../../parts/panel.tsx'
import { UsingJobs } from './using-jobs.tsx'
import { VersionShelf } from './version-shelf.tsx'

/** An environment: what a version consists of, and which jobs run in it. */
export function EnvironmentPage() {
  const to = usePaths()
  return (
    <VersionShelf<EnvironmentVersionProperties>
      collection="environments"
      noun="environment"
      to={to.environment}
      actions={({ id }) => <EditButton kind="environment" id={id} label="New version" />}
    >
      {({ id, properties: { description, image, build, condaFile, osType, tags = {} } }) => (
        <>
          <Panel title="What it consists of">
            <Facts
              facts={[
                { name: 'Description', value: description },
                {
                  name: 'Image',
                  value: image === undefined ? undefined : <span className="mono">{image}</span>,
                },
                { name: 'Build', value: build?.contextUri },
                { name: 'Dockerfile', value: build?.dockerfilePath },
                { name: 'System', value: osType },
                ...Object.entries(tags).map(([name, value]) => ({ name, value })),
              ]}
            />
          </Panel>
          {condaFile === undefined ? null : (
            <Panel title="Packages" subtitle="the conda file; built once for all jobs that ask for the same">
              <Code text={condaFile} language="yaml" label="Conda file" />
            </Panel>
          )}
          <UsingJobs field="environmentId" version={id} />
        </>
      )}
    </VersionShelf>
  )
}
