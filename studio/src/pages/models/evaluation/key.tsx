import type { ModelSummary } from '../../../api/evaluation.ts'
import style from './evaluation.module.css'

/** Colour follows the model: what reigns is blue, what would reign orange, wherever they are drawn. */
export const colourOf = (role: ModelSummary['role']): number => (role === 'candidate' ? 2 : 1)

/** Which colour is whose, once for all charts below. */
export const Key = ({ models }: { readonly models: readonly Pick<ModelSummary, 'role' | 'model'>[] }) => (
  <p className={style.key}>
    {models.map(({ role, model }) => (
      <span key={role}>
        <span
          className={style.swatch}
          style={{ background: `var(--series-${colourOf(role)})` }}
          aria-hidden
        />
        {model} <span className="muted">{role}</span>
      </span>
    ))}
  </p>
)
