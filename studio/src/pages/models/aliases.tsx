import style from './models.module.css'

/** Aliases with the versions that they mean; of one version, their names alone. */
export const Aliases = ({
  aliases,
  of,
}: {
  readonly aliases: Readonly<Record<string, string>>
  readonly of?: string
}) => (
  <span className={style.aliases}>
    {Object.entries(aliases)
      .filter(([, version]) => of === undefined || version === of)
      .map(([alias, version]) => (
        <span key={alias} className={style.alias} data-alias={alias}>
          {alias}
          {of === undefined ? ` → ${version}` : ''}
        </span>
      ))}
  </span>
)
