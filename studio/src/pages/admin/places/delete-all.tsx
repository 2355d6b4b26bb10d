import { useQuery, useQueryClient } from '@tanstack/react-query'
import { contentsQuery, remove } from '../../../api/admin/platform.ts'
import { Confirm, tell } from '../../../parts/act.tsx'
import { Answer } from '../../../parts/states.tsx'
import { exact } from '../../../words/numbers.ts'

/** `workspaces/models/versions` as people call them. */
export const kindInWords = (type: string): string =>
  type
    .split('/')
    .slice(type.startsWith('workspaces/') || type.startsWith('registries/') ? 1 : 0)
    .map((word) => word.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))
    .toReversed()
    .join(' of ')

/** Deletes something with all that is in it, after that was counted and its name was typed. */
export function DeleteAll({
  id,
  name,
  what,
  onClose,
}: {
  readonly id: string
  readonly name: string
  readonly what: string
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const contents = useQuery(contentsQuery(id))
  return (
    <Confirm
      title={`Delete ${what} ${name}`}
      verb={
        contents.data === undefined ? `Delete ${what}` : `Delete ${exact(contents.data.total + 1)} resources`
      }
      danger
      typed={name}
      onDone={async () => {
        await remove(id)
        tell(`${name} is deleted.`)
        await queries.invalidateQueries()
      }}
      onClose={onClose}
    >
      <Answer query={contents} rows={3}>
        {({ total, value }) =>
          total === 0 ? (
            <p>Nothing is in it.</p>
          ) : (
            <div>
              <p>With it go {exact(total)} resources, which cannot be brought back:</p>
              <ul
                style={{ margin: '6px 0 0', paddingLeft: 20, maxHeight: 220, overflowY: 'auto' }}
                tabIndex={0}
              >
                {value
                  .toSorted((a, b) => b.count - a.count)
                  .map(({ type, count }) => (
                    <li key={type}>
                      {exact(count)} {kindInWords(type)}
                    </li>
                  ))}
              </ul>
            </div>
          )
        }
      </Answer>
    </Confirm>
  )
}
