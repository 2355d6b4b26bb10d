import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { judgedQuery } from '../../../api/evaluation.ts'
import { lineageQuery } from '../../../api/lineage.ts'
import { deleteVersion } from '../../../api/models.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Confirm, tell } from '../../../parts/act.tsx'
import { plural } from '../../../words/names.ts'

/** Deletes a version for good: says what leads to it, and wants its name typed. */
export function DeleteDialog({
  model,
  version,
  aliases,
  onClose,
}: {
  readonly model: string
  readonly version: { readonly id: string; readonly name: string }
  readonly aliases: readonly string[]
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const to = usePaths()
  const { data: lineage } = useQuery(lineageQuery(version.id))
  const { data: judged = [] } = useQuery(judgedQuery(workspace, version.id))
  const serves = (lineage?.nodes ?? []).filter(({ type }) => /deployments$/i.test(type))
  const consequences = [
    ...(serves.length === 0
      ? []
      : [
          `${plural(serves.length, 'deployment')} of it (${serves.map(({ endpoint = '', name }) => `${endpoint}/${name}`).join(', ')}) cannot be made again.`,
        ]),
    ...(aliases.length === 0 ? [] : [`${aliases.join(', ')} will mean nothing.`]),
    ...(judged.length === 0
      ? []
      : [`What ${plural(judged.length, 'gate')} found of it stays with its releases.`]),
    'Its files stay where they are, if a run has made them.',
  ]
  return (
    <Confirm
      title={`Delete ${model}:${version.name}`}
      verb="Delete version"
      danger
      typed={`${model}:${version.name}`}
      onDone={async () => {
        await deleteVersion(version.id)
        await navigate({ to: to.model(model) as '/' })
        await queries.invalidateQueries({ queryKey: ['arm'] })
        tell(`${model}:${version.name} is deleted`)
      }}
      onClose={onClose}
    >
      <p>
        It cannot be brought back, and its number is used again only if somebody asks for it. To hide it,
        archive it.
      </p>
      <ul style={{ margin: 0, paddingLeft: 18 }}>
        {consequences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Confirm>
  )
}
