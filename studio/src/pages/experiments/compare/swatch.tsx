import type { RunLook } from '../../../parts/history/run-looks.ts'
import style from './compare.module.css'

/** The colour of a run, beside its name. */
export const Swatch = ({ look }: { readonly look: RunLook }) => (
  <span
    className={style.swatch}
    data-dashed={look.dashed}
    style={{ borderTopColor: `var(--series-${look.colour})` }}
    aria-hidden
  />
)
