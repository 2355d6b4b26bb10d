import { Menu, NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import { actOn, type Release } from '../../api/releases.ts'
import { useCan } from '../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../parts/act.tsx'
import { IconChevronDown } from '../../parts/icons.ts'
import { Button } from '@mantine/core'
import { actionsOf, type ReleaseAction } from './possible-actions.ts'

/** What can be done about a release as it stands: the most urgent as a button, the others behind it. */
export function ReleaseActions({ plan, release }: { readonly plan: string; readonly release: Release }) {
  const [asked, setAsked] = useState<ReleaseAction>()
  const can = useCan(release.id)
  const [first, ...others] = actionsOf(release)
  if (first === undefined) return null
  const may = ({ action }: ReleaseAction) => can(`Twinloop/releasePlans/releases/${action}/action`)
  return (
    <>
      <Act
        label={first.label}
        variant={first.danger ? 'light' : 'filled'}
        color={first.danger ? 'red' : 'brand'}
        allowed={may(first)}
        onClick={() => setAsked(first)}
      />
      {others.length === 0 ? null : (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={13} aria-hidden />}>
              More
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((one) => (
              <Menu.Item key={one.action} disabled={!may(one)} onClick={() => setAsked(one)}>
                {one.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {asked === undefined ? null : (
        <Asked plan={plan} release={release} asked={asked} onClose={() => setAsked(undefined)} />
      )}
    </>
  )
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
