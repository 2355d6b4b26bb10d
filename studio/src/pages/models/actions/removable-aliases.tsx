import { useMutation, useQueryClient } from '@tanstack/react-query'
import { aliasKey, deleteAlias } from '../../../api/models.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { tell, tellFailure } from '../../../parts/act.tsx'
import { IconX } from '../../../parts/icons.ts'
import style from '../models.module.css'

/** Aliases of a version, each with what takes it away. */
export function RemovableAliases({
  model,
  version,
  aliases,
}: {
  readonly model: string
  readonly version: string
  readonly aliases: readonly string[]
}) {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const id = `${workspace.id}/models/${model}`
  const may = useCan(id)('models/write')
  const remove = useMutation({
    mutationFn: (alias: string) => deleteAlias(id, alias),
    onSuccess: async (_, alias) => {
      await queries.invalidateQueries({ queryKey: aliasKey(id) })
      tell(`${alias} means nothing now; set it again to undo`)
    },
    onError: tellFailure,
  })
  return (
    <span className={style.aliases}>
      {aliases.map((alias) => (
        <span key={alias} className={style.alias} data-alias={alias}>
          <span title={alias}>{alias}</span>
          {may ? (
            <button
              type="button"
              className={style.remove}
              onClick={() => remove.mutate(alias)}
              aria-label={`Take ${alias} from version ${version}`}
            >
              <IconX size={11} aria-hidden />
            </button>
          ) : null}
        </span>
      ))}
    </span>
  )
}
