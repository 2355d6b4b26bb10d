/** A step of a delivery as a form has it; shares and times as they were written. */
export type Step =
  | { readonly kind: 'pause' }
  | { readonly kind: 'mirror' | 'weight'; readonly share: string; readonly for: string }

/** The steps of a plan's `steps:`; what is none of them is left out. */
export const readSteps = (given: unknown): readonly Step[] =>
  (Array.isArray(given) ? given : []).flatMap((item: unknown): readonly Step[] => {
    if (item === 'pause') return [{ kind: 'pause' }]
    if (typeof item !== 'object' || item === null) return []
    const { mirror, weight, pause, for: time } = item as Readonly<Record<string, unknown>>
    if (pause !== undefined) return [{ kind: 'pause' }]
    const kind = mirror === undefined ? 'weight' : 'mirror'
    const share = kind === 'mirror' ? mirror : weight
    const text = typeof share === 'number' ? `${share}%` : typeof share === 'string' ? share : ''
    return [{ kind, share: text, for: typeof time === 'string' ? time : '' }]
  })

/** A step as a plan says it. */
export const stepWords = (step: Step): unknown =>
  step.kind === 'pause' ? 'pause' : { [step.kind]: step.share, ...(step.for === '' ? {} : { for: step.for }) }
