import style from './chart.module.css'

/** A chart whose numbers are being asked for: its title, and as much room as it will take. */
export const Coming = ({
  title,
  subtitle,
  height = 200,
}: {
  readonly title: string
  readonly subtitle?: string
  readonly height?: number
}) => (
  <figure className={style.chart}>
    <figcaption className={style.caption}>
      <span className={style.title}>{title}</span>
      {subtitle === undefined ? null : <span className={style.subtitle}>{subtitle}</span>}
    </figcaption>
    <div style={{ height }} role="status" aria-label="Loading" />
  </figure>
)
