import { useQueryClient } from '@tanstack/react-query'
import { aliasKey, setAlias } from '../../../api/models.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Confirm, tell } from '../../../parts/act.tsx'

/** Lets an alias mean a version from now on. */
export function AliasDialog({
  model,
  version,
  onClose,
}: {
  readonly model: string
  readonly version: string
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const id = `${workspace.id}/models/${model}`
  return (
    <Confirm
      title={`Alias for ${model}:${version}`}
      verb="Set alias"
      comment={{ label: 'Alias', required: true }}
      onDone={async (alias) => {
        await setAlias(id, alias, version)
        await queries.invalidateQueries({ queryKey: aliasKey(id) })
        tell(`${alias} means ${model}:${version} now`)
      }}
      onClose={onClose}
    >
      <p className="muted">
        Whoever asks for the alias gets this version from now on. <code>champion</code> and{' '}
        <code>challenger</code> are set by releases.
      </p>
    </Confirm>
  )
}
