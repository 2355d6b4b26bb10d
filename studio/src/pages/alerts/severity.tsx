import { severityRank } from './words.ts'
import style from './alerts.module.css'

/** How bad it is, as a word: how it stands is another matter, and has the colour. */
export const Severity = ({ severity }: { readonly severity: string }) => (
  <span className={style.severity} data-grave={severityRank(severity) < 2}>
    {severity}
  </span>
)
