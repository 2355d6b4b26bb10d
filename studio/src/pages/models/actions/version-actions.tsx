import { ActionIcon, Menu } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { archiveVersion, type ModelVersion } from '../../../api/models.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { IconArrowsSplit2, IconDots, IconRocket, IconTag } from '../../../parts/icons.ts'
import { CompareDialog } from '../compare/compare-dialog.tsx'
import { AliasDialog } from './alias-dialog.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { ShareDialog } from './share-dialog.tsx'
import { StartDialog, usePlansOf } from './start-dialog.tsx'

type Asked = 'release' | 'alias' | 'compare' | 'share' | 'delete'

/** All that can be done with a version. */
export function VersionActions({
  model,
  version,
  aliases,
}: {
  readonly model: string
  readonly version: ModelVersion
  /** Those that mean it. */
  readonly aliases: readonly string[]
}) {
  const can = useCan(version.id)
  const queries = useQueryClient()
  const [asked, setAsked] = useState<Asked>()
  const plans = usePlansOf(model)
  const isArchived = version.properties.isArchived === true
  const archive = useMutation({
    mutationFn: () => archiveVersion(version, !isArchived),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['arm'] })
      tell(`${model}:${version.name} is ${isArchived ? 'in the lists again' : 'archived'}`)
    },
    onError: tellFailure,
  })
  const close = () => setAsked(undefined)
  const own = { model, version, onClose: close }
  return (
    <>
      <Act
        label="Compare"
        variant="default"
        icon={<IconArrowsSplit2 size={14} />}
        onClick={() => setAsked('compare')}
      />
      <Act
        label="Set alias"
        variant="default"
        icon={<IconTag size={14} />}
        allowed={can('models/write')}
        onClick={() => setAsked('alias')}
      />
      <Act
        label="Start release"
        icon={<IconRocket size={14} />}
        allowed={plans.length > 0 && can('Twinloop/releasePlans/releases/write')}
        {...(plans.length === 0
          ? {
              reason: `No release plan is for ${model} yet: twinloop release-plan create --file release-plan.yml`,
            }
          : {})}
        onClick={() => setAsked('release')}
      />
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label="More">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsked('share')}>Share in a registry</Menu.Item>
          <Menu.Item disabled={!can('models/versions/write')} onClick={() => archive.mutate()}>
            {isArchived ? 'Restore' : 'Archive'}
          </Menu.Item>
          <Menu.Item color="red" disabled={!can('models/versions/delete')} onClick={() => setAsked('delete')}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Equivalents
        cli={[
          { what: 'Show it', command: `twinloop model show --name ${model} --version ${version.name}` },
          {
            what: 'Fetch its files',
            command: `twinloop model download --name ${model} --version ${version.name}`,
          },
          {
            what: 'Its card',
            command: `twinloop model card --name ${model} --version ${version.name} --output-file card.md`,
          },
          {
            what: 'Release it',
            command: `twinloop release create --plan ${plans[0] ?? model} --model-version ${version.name}`,
          },
        ]}
        rest={[{ method: 'GET', path: version.id }]}
        resource={version}
        kind="model"
      />
      {asked === 'release' ? <StartDialog plans={plans} versions={[version.name]} onClose={close} /> : null}
      {asked === 'alias' ? <AliasDialog model={model} version={version.name} onClose={close} /> : null}
      {asked === 'compare' ? <CompareDialog model={model} version={version.name} onClose={close} /> : null}
      {asked === 'share' ? <ShareDialog {...own} /> : null}
      {asked === 'delete' ? <DeleteDialog {...own} aliases={aliases} /> : null}
    </>
  )
}
