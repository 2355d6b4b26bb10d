import { useMutation } from '@tanstack/react-query'
import { actOn } from '../../../api/releases.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../../parts/act.tsx'
import { IconArrowBackUp } from '../../../parts/icons.ts'

/** Gives a former release all traffic again, by one click. Without a number: the one before the one that reigns. */
export function GoBackTo({
  plan,
  number,
  label,
  size,
}: {
  /** Id of the plan. */
  readonly plan: string
  readonly number?: string
  readonly label: string
  readonly size?: 'compact-xs'
}) {
  const can = useCan(plan)
  const back = useMutation({
    mutationFn: () => actOn(plan, 'rollback', number === undefined ? {} : { to: Number(number) }),
    onSuccess: () =>
      tell(
        `Rolled back: ${number === undefined ? 'the release before' : `release ${number}`} has all traffic`,
      ),
    onError: tellFailure,
  })
  return (
    <Act
      label={label}
      color="red"
      variant="light"
      icon={<IconArrowBackUp size={14} aria-hidden />}
      allowed={can('Twinloop/releasePlans/rollback/action')}
      loading={back.isPending}
      onClick={() => back.mutate()}
      {...(size === undefined ? {} : { size })}
    />
  )
}
