import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { clean, cleanableQuery, type Cleaned } from '../../api/admin/cleaning.ts'
import { useCan } from '../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../parts/act.tsx'
import { Facts, Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { plural } from '../../words/names.ts'
import { bytes } from '../../words/numbers.ts'

/** What nothing needs any more, and a way to be rid of it now: the server removes it within the hour anyway. */
export function Cleaning() {
  const can = useCan('')
  const queries = useQueryClient()
  const query = useQuery(cleanableQuery)
  const [isAsking, setAsking] = useState(false)
  const sum = query.data === undefined ? 0 : query.data.bytes + query.data.deletedPlaces.bytes
  return (
    <Panel
      title="What can be freed"
      subtitle="the server does so by itself every hour"
      actions={
        <Act
          label="Free it now…"
          variant="default"
          allowed={sum > 0 && can('Twinloop/server/clean/action')}
          {...(sum > 0 ? {} : { reason: 'There is nothing that nothing needs.' })}
          onClick={() => setAsking(true)}
        />
      }
    >
      <Answer query={query} rows={3}>
        {(found) => <Found found={found} />}
      </Answer>
      {isAsking && query.data !== undefined ? (
        <Confirm
          title={`Free ${bytes(sum)}?`}
          verb={`Remove ${plural(query.data.files + query.data.deletedPlaces.files, 'file')}`}
          danger
          onDone={async () => {
            const done = await clean()
            tell(`Removed ${plural(done.files, 'file')}, ${bytes(done.bytes)}`)
            await queries.invalidateQueries({ queryKey: cleanableQuery.queryKey })
          }}
          onClose={() => setAsking(false)}
        >
          <p>
            Each is looked up once more before it goes: what has got a name again meanwhile, or is being
            written, stays. The activity log says who did it.
          </p>
        </Confirm>
      ) : null}
    </Panel>
  )
}

function Found({ found: { files, bytes: size, later, deletedPlaces } }: { readonly found: Cleaned }) {
  const inWords = (of: { readonly files: number; readonly bytes: number }) =>
    of.files === 0 ? 'nothing' : `${bytes(of.bytes)} in ${plural(of.files, 'file')}`
  return (
    <Facts
      columns={3}
      facts={[
        { name: 'No name for a day', value: inWords({ files, bytes: size }) },
        {
          name: 'No name, but younger',
          value: later.files === 0 ? 'nothing' : `${inWords(later)}: kept for a day`,
        },
        {
          name: 'Of deleted workspaces',
          value:
            deletedPlaces.places === 0
              ? 'nothing'
              : `${inWords(deletedPlaces)}, of ${plural(deletedPlaces.places, 'place')}`,
        },
      ]}
    />
  )
}
