import { Menu, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconHelp, IconMinus } from '../../parts/icons.ts'
import { directionOf, tellDirection, type Direction, type Judged } from './direction.ts'
import type { Directions } from './use-direction.ts'

const icons = { 1: IconArrowUp, '-1': IconArrowDown, 0: IconMinus } as const
const choices: readonly { readonly direction: Direction; readonly label: string }[] = [
  { direction: 1, label: 'Higher is better' },
  { direction: -1, label: 'Lower is better' },
  { direction: 0, label: 'Neither way is better' },
]

/** Which way a metric is better, as a sign, and the menu that sets it. */
export function DirectionMenu({
  metric,
  directions,
}: {
  readonly metric: string
  readonly directions: Directions
}) {
  const now: Judged = directions.of(metric)
  const Icon = now.by === 'nobody' ? IconHelp : icons[now.direction]
  const told = now.by === 'nobody' ? 'nobody said which way is better' : tellDirection(now)
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <UnstyledButton
          aria-label={`${metric}: ${told}`}
          title={told}
          style={{
            display: 'inline-grid',
            placeItems: 'center',
            width: 24,
            height: 24,
            borderRadius: 4,
            color: now.by === 'nobody' ? 'var(--attention)' : 'var(--muted)',
          }}
        >
          <Icon size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ direction, label }) => {
          const Sign = icons[direction]
          const isNow = now.by !== 'nobody' && now.direction === direction
          return (
            <Menu.Item
              key={label}
              leftSection={<Sign size={14} aria-hidden />}
              aria-current={isNow}
              fw={isNow ? 600 : undefined}
              onClick={() => directions.choose(metric, direction)}
            >
              {label}
            </Menu.Item>
          )
        })}
        {now.by === 'choice' ? (
          <Menu.Item onClick={() => directions.choose(metric, undefined)}>
            {directionOf(metric) === 0 ? 'Forget the choice' : 'As its name tells'}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  )
}
