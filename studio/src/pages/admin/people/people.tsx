import { Tabs } from '@mantine/core'
import { useState } from 'react'
import { useSearchWord } from '../../../frame/search.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { IconPlus } from '../../../parts/icons.ts'
import { Answer } from '../../../parts/states.tsx'
import { plural } from '../../../words/names.ts'
import { AdminPage } from '../admin-page.tsx'
import { AccessCheck } from './access-check.tsx'
import { Assignments } from './assignments.tsx'
import { GiveRole } from './give-role.tsx'
import { NewPrincipal } from './new-principal.tsx'
import { Person } from './person.tsx'
import { Principals } from './principals.tsx'
import { Roles } from './roles.tsx'
import { usePeople } from './use-people.ts'

/** Who there is, what they may do and where; and whether somebody may do something, with the reason. */
export function PeoplePage() {
  const people = usePeople()
  const can = useCan('')
  const canHere = useCan()
  const [tab, setTab] = useSearchWord('tab', 'people')
  const [who, setWho] = useSearchWord('who')
  const [asked, setAsked] = useState<'user' | 'program' | 'role'>()
  const isOwner = can('Twinloop/users/write')
  return (
    <AdminPage
      title="People and roles"
      meta={`${plural(people.all.length, 'user and program', 'users and programs')}, ${plural(people.assignments.length, 'role')} given`}
      actions={
        <>
          <Act
            label="New person"
            icon={<IconPlus size={14} aria-hidden />}
            allowed={isOwner}
            reason="Only an owner of the server makes people known, since whoever does could sign in as them."
            onClick={() => setAsked('user')}
          />
          <Act
            label="New program"
            variant="default"
            allowed={can('Twinloop/servicePrincipals/write')}
            reason="Only an owner of the server makes programs known."
            onClick={() => setAsked('program')}
          />
          <Act
            label="Give a role"
            variant="default"
            allowed={canHere('Microsoft.Authorization/roleAssignments/write')}
            reason="Only an owner gives roles."
            onClick={() => setAsked('role')}
          />
          <Equivalents
            cli={[
              { what: 'Everybody', command: 'twinloop user list -o table' },
              {
                what: 'A person, and a link that signs them in',
                command:
                  'twinloop user create -n ana --mail ana@example.org && twinloop user sign-in-link -n ana',
              },
              {
                what: 'A role for them',
                command: 'twinloop role assign --assignee ana --role "ML Engineer"',
              },
              { what: 'May they?', command: 'twinloop role check --assignee ana --operation jobs/write' },
            ]}
            rest={[
              { method: 'GET', path: '/providers/Twinloop/users' },
              { method: 'POST', path: '/providers/Microsoft.Authorization/checkAccess' },
            ]}
          />
        </>
      }
    >
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'people')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="people">People and programs</Tabs.Tab>
          <Tabs.Tab value="assignments">Who has which role</Tabs.Tab>
          <Tabs.Tab value="roles">Roles</Tabs.Tab>
          <Tabs.Tab value="check">May somebody …?</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people">
          <Answer query={people.users} rows={6}>
            {() => <Principals people={people} onOpen={(name) => setWho(name)} />}
          </Answer>
        </Tabs.Panel>
        <Tabs.Panel value="assignments">
          <Assignments people={people} />
        </Tabs.Panel>
        <Tabs.Panel value="roles">
          <Roles roles={people.roles} />
        </Tabs.Panel>
        <Tabs.Panel value="check">
          <AccessCheck people={people} />
        </Tabs.Panel>
      </Tabs>
      {who === '' ? null : <Person people={people} name={who} onClose={() => setWho('')} />}
      {asked === 'role' ? <GiveRole people={people} onClose={() => setAsked(undefined)} /> : null}
      {asked === 'user' || asked === 'program' ? (
        <NewPrincipal kind={asked} people={people} onClose={() => setAsked(undefined)} onMade={setWho} />
      ) : null}
    </AdminPage>
  )
}
