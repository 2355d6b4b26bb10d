import {
  IconCheck,
  IconHandStop,
  IconHelp,
  IconMinus,
  IconPlayerPauseFilled,
  IconX,
  IconAlertTriangle,
} from './icons.ts'
import type { ReactNode } from 'react'
import { lookOf, type Shape, type StatusKind } from '../words/status.ts'
import style from './status.module.css'

const size = { size: 13, stroke: 2.5, 'aria-hidden': true } as const

const shapes: Readonly<Record<Shape, ReactNode>> = {
  check: <IconCheck {...size} />,
  ring: <span className={style.ring} />,
  spinner: <span className={style.spinner} />,
  hand: <IconHandStop {...size} />,
  triangle: <IconAlertTriangle {...size} />,
  bars: <IconPlayerPauseFilled {...size} />,
  cross: <IconX {...size} />,
  dash: <IconMinus {...size} />,
  question: <IconHelp {...size} />,
}

/** A state: colour, shape and word together. `note` stands behind the word, such as a reason in short. */
export function Status({
  kind,
  state,
  note,
}: {
  readonly kind: StatusKind
  readonly state: string | null | undefined
  readonly note?: string
}) {
  const { family, shape, word } = lookOf(kind, state)
  return (
    <span className={style.status} data-family={family}>
      {shapes[shape]}
      {word}
      {note === undefined ? null : <span className={style.note}>{note}</span>}
    </span>
  )
}

/** The shape of a state alone, where its word stands in a title beside it. */
export function StatusDot({
  kind,
  state,
}: {
  readonly kind: StatusKind
  readonly state: string | null | undefined
}) {
  const { family, shape, word } = lookOf(kind, state)
  return (
    <span className={style.dot} data-family={family} role="img" aria-label={word} title={word}>
      {shapes[shape]}
    </span>
  )
}
