import style from '../admin.module.css'

type TagMap = Readonly<Record<string, string>>

/** Tags as small labels. */
export const Tags = ({ tags = {} }: { readonly tags?: TagMap | undefined }) => (
  <span className={style.chips}>
    {Object.entries(tags).map(([name, value]) => (
      <span key={name} className={style.chip}>
        {value === '' ? name : `${name}=${value}`}
      </span>
    ))}
  </span>
)

/** Tags as lines that a person changes. */
export const writeTags = (tags: TagMap = {}): string =>
  Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')

/** The other way round: what stands before the first `=` of a line is the name. */
export const readTags = (text: string): TagMap =>
  Object.fromEntries(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.indexOf('=')
        return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
      }),
  )
