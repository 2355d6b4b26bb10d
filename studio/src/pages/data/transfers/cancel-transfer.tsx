import { useMutation, useQueryClient } from '@tanstack/react-query'
import { cancelTransfer, isImport, type Transfer } from '../../../api/transfers.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../../parts/act.tsx'

/** Stops an import or export that is not over; nothing where it is. */
export function CancelTransfer({ transfer }: { readonly transfer: Transfer }) {
  const can = useCan()
  const queries = useQueryClient()
  const cancel = useMutation({
    mutationFn: () => cancelTransfer(transfer.id),
    onSuccess: async () => {
      tell(`${transfer.name} ends`)
      await queries.invalidateQueries({ queryKey: ['arm'] })
    },
    onError: tellFailure,
  })
  if (transfer.properties.status !== 'Queued' && transfer.properties.status !== 'Running') return null
  const kind = isImport(transfer) ? 'dataImports' : 'dataExports'
  return (
    <Act
      label="Cancel"
      size="compact-xs"
      variant="default"
      allowed={can(`Twinloop/${kind}/cancel/action`)}
      onClick={() => cancel.mutate()}
      loading={cancel.isPending}
    />
  )
}
