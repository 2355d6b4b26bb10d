import { NumberInput, Select } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ModelProperties } from '../../../api/models.ts'
import { resourceQuery } from '../../../api/queries.ts'
import { actOn, type Release } from '../../../api/releases.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../../parts/act.tsx'
import { IconArrowBackUp } from '../../../parts/icons.ts'
import { actionsOf, type ReleaseAction } from './possible-actions.ts'
import { GoBackTo } from './rollback.tsx'
import style from '../releases.module.css'

/** What can be done about a release as it stands; the way back is among it and takes one click. */
export function ReleaseActions({ plan, release }: { readonly plan: string; readonly release: Release }) {
  const [asked, setAsked] = useState<ReleaseAction>()
  const can = useCan(release.id)
  const { candidate, state, stages } = release.properties
  const champion = useChampion(candidate)
  const isReigning = champion === undefined || champion === candidate?.version
  const actions = actionsOf(release, isReigning)
  const act = useMutation({
    mutationFn: ({ action }: ReleaseAction) => actOn(release.id, action, {}),
    onSuccess: (_, { done }) => tell(done),
    onError: tellFailure,
  })
  const hasReigned =
    !isReigning &&
    (state === 'succeeded' || state === 'rolled_back') &&
    stages.some(({ delivery }) => delivery?.state === 'succeeded')
  if (actions.length === 0 && !hasReigned) return null
  return (
    <div className={style.acts} role="group" aria-label="What can be done">
      {actions.map((one, i) => (
        <Act
          key={one.action}
          label={one.label}
          {...(one.danger && one.action !== 'promote'
            ? { color: 'red', variant: 'light' as const }
            : { variant: i === 0 ? ('filled' as const) : ('default' as const) })}
          {...(one.action === 'rollback' ? { icon: <IconArrowBackUp size={14} aria-hidden /> } : {})}
          allowed={can(`Twinloop/releasePlans/releases/${one.action}/action`)}
          loading={act.isPending && act.variables.action === one.action}
          onClick={() => (one.isInstant === true ? act.mutate(one) : setAsked(one))}
        />
      ))}
      {hasReigned ? (
        <GoBackTo plan={planIdOf(release)} number={release.name} label="Give it all traffic again" />
      ) : null}
      {actions.map(({ action, isInstant, means }) =>
        isInstant === true ? (
          <p key={action} className="muted">
            One click. {means}
          </p>
        ) : null,
      )}
      {asked === undefined ? null : (
        <Asked plan={plan} release={release} asked={asked} onClose={() => setAsked(undefined)} />
      )}
    </div>
  )
}

const planIdOf = ({ id }: Release) => id.replace(/\/releases\/[^/]+$/, '')

/** The version that reigns, by the model's alias; undefined while that is not known. */
function useChampion(candidate: Release['properties']['candidate']): string | undefined {
  const model = candidate?.id.replace(/\/versions\/[^/]+$/, '') ?? ''
  const { data } = useQuery({ ...resourceQuery<ModelProperties>(model), enabled: model !== '', retry: false })
  return data?.properties.aliases?.['champion']
}

function Asked({
  plan,
  release,
  asked,
  onClose,
}: {
  readonly plan: string
  readonly release: Release
  readonly asked: ReleaseAction
  readonly onClose: () => void
}) {
  const stage = release.properties.stages.find(({ name }) => name === release.properties.stage)
  const stuck = (stage?.gates ?? [])
    .filter(({ state }) => ['failed', 'inconclusive', 'error'].includes(state))
    .map(({ name }) => name)
  const [gate, setGate] = useState(stuck[0] ?? '')
  const [days, setDays] = useState(30)
  const input = (reason: string) => ({
    ...(reason === '' ? {} : { reason }),
    ...(asked.action === 'waive' ? { gate, days } : {}),
  })
  return (
    <Confirm
      title={`${asked.label}: ${plan}/${release.name}`}
      verb={asked.verb}
      danger={asked.danger}
      {...(asked.comment === undefined ? {} : { comment: asked.comment })}
      onDone={async (reason) => {
        await actOn(release.id, asked.action, input(reason))
        tell(asked.done)
      }}
      onClose={onClose}
    >
      <p>{asked.means}</p>
      {asked.action === 'waive' ? (
        <>
          <Select
            label="Gate"
            data={stuck}
            value={gate}
            onChange={(value) => setGate(value ?? '')}
            allowDeselect={false}
          />
          <NumberInput
            label="For how many days (at most 90)"
            min={1}
            max={90}
            value={days}
            onChange={(value) => setDays(Number(value) || 30)}
          />
        </>
      ) : null}
    </Confirm>
  )
}
