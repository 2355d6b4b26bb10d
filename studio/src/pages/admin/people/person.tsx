import { Button, Drawer } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { isProgram, putPrincipal, signInLinkOf, type Principal } from '../../../api/admin/access.ts'
import { remove } from '../../../api/admin/platform.ts'
import { useCan, usePaths } from '../../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../../parts/act.tsx'
import { Command } from '../../../parts/copy.tsx'
import { Go } from '../../../parts/go.tsx'
import { Stack } from '../../../parts/page.tsx'
import { Facts } from '../../../parts/panel.tsx'
import { Status } from '../../../parts/status.tsx'
import { Time } from '../../../parts/time.tsx'
import style from '../admin.module.css'
import { Passwords } from '../passwords.tsx'
import { TakeRole } from './assignments.tsx'
import { GiveRole } from './give-role.tsx'
import type { People } from './use-people.ts'

/** Somebody: what they may do and where, how they sign in, what they did. */
export function Person({
  people,
  name,
  onClose,
}: {
  readonly people: People
  readonly name: string
  readonly onClose: () => void
}) {
  const one = people.all.find((other) => other.name.toLowerCase() === name.toLowerCase())
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={one?.properties.displayName ?? name}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {one === undefined ? (
        people.users.isFetching ? null : (
          <p>There is nobody called {name} here.</p>
        )
      ) : (
        <Details one={one} people={people} onClose={onClose} />
      )}
    </Drawer>
  )
}

function Details({
  one,
  people,
  onClose,
}: {
  readonly one: Principal
  readonly people: People
  readonly onClose: () => void
}) {
  const can = useCan('')
  const to = usePaths()
  const [asked, setAsked] = useState<'role' | 'delete'>()
  const { properties, name, id } = one
  const type = isProgram(one) ? 'servicePrincipals' : 'users'
  const held = people.heldBy(properties.principalId)
  return (
    <Stack>
      <Facts
        facts={[
          { name: 'Name', value: name },
          { name: 'Mail', value: properties.mail },
          { name: 'Elsewhere', value: (properties.identities ?? []).join(', ') },
          { name: 'What it is', value: properties.description },
          {
            name: 'May sign in',
            value: <Status kind="open" state={properties.accountEnabled ? 'Enabled' : 'Disabled'} />,
          },
          { name: 'Known since', value: <Time at={one.systemData.createdAt} /> },
          { name: 'Principal id', value: <span className="mono">{properties.principalId}</span> },
          {
            name: 'What they did',
            value: (
              <Go to={to.adminPage('activity')} search={{ who: name, all: '1' }}>
                in the activity log
              </Go>
            ),
          },
        ]}
      />
      <section>
        <h2>Roles</h2>
        {held.length === 0 ? (
          <p className="muted">None: {name} may do nothing yet.</p>
        ) : (
          <ul className={style.list}>
            {held.map(({ assignment, role, where }) => (
              <li key={assignment.id}>
                <span>
                  {role} · {where}
                </span>
                <span className={style.push}>
                  <TakeRole assignment={assignment} who={name} role={role} where={where} />
                </span>
              </li>
            ))}
          </ul>
        )}
        <Button variant="default" size="xs" mt="xs" onClick={() => setAsked('role')}>
          Give {name} a role
        </Button>
      </section>
      {isProgram(one) ? null : <SignInLink one={one} />}
      <section>
        <h2>Tokens</h2>
        <Passwords
          at={id}
          passwords={properties.passwordCredentials}
          allowed={can(`Twinloop/${type}/addPassword/action`)}
        />
      </section>
      <section style={{ display: 'flex', gap: 8 }}>
        <Enable one={one} />
        <Act
          label="Delete"
          variant="light"
          color="red"
          allowed={can(`Twinloop/${type}/delete`) && properties.principalId !== 'administrator'}
          reason={
            properties.principalId === 'administrator'
              ? 'The administrator stays: nobody could let anybody in otherwise.'
              : 'Only an owner of the server removes people.'
          }
          onClick={() => setAsked('delete')}
        />
      </section>
      {asked === 'role' ? <GiveRole people={people} to={one} onClose={() => setAsked(undefined)} /> : null}
      {asked === 'delete' ? (
        <Delete one={one} roles={held.length} onClose={() => setAsked(undefined)} onDone={onClose} />
      ) : null}
    </Stack>
  )
}

function SignInLink({ one }: { readonly one: Principal }) {
  const can = useCan('')
  const [url, setUrl] = useState('')
  return (
    <section>
      <h2>Sign-in link</h2>
      <p className="muted">
        Signs a browser in as {one.name}: once, within 15 minutes. Give it to nobody else.
      </p>
      {url === '' ? (
        <div style={{ marginTop: 6 }}>
          <Act
            label="Make a sign-in link"
            variant="default"
            size="xs"
            allowed={can('Twinloop/users/createSignInLink/action')}
            reason="Only an owner of the server makes links for others."
            onClick={() => void signInLinkOf(one.id).then((made) => setUrl(made.url), tellFailure)}
          />
        </div>
      ) : (
        <div className={style.secret} style={{ marginTop: 6 }} data-testid="sign-in-link">
          <Command text={url} />
        </div>
      )}
    </section>
  )
}

function Enable({ one }: { readonly one: Principal }) {
  const can = useCan('')
  const queries = useQueryClient()
  const { accountEnabled, displayName, mail, identities, description } = one.properties
  const path = one.id.replace(/\/[^/]+$/, '')
  const turn = () =>
    putPrincipal(path, one.name, {
      ...(displayName ? { displayName } : {}),
      ...(mail ? { mail } : {}),
      ...(identities ? { identities } : {}),
      ...(description ? { description } : {}),
      accountEnabled: !accountEnabled,
    }).then(async () => {
      tell(
        accountEnabled
          ? `${one.name} is out at once; what they did stays.`
          : `${one.name} may sign in again.`,
      )
      await queries.invalidateQueries({ queryKey: ['arm'] })
    }, tellFailure)
  return (
    <Act
      label={accountEnabled ? 'Disable' : 'Enable'}
      variant="default"
      allowed={can(`Twinloop/${isProgram(one) ? 'servicePrincipals' : 'users'}/write`)}
      reason="Only an owner of the server lets people in or shuts them out."
      onClick={() => void turn()}
    />
  )
}

function Delete({
  one,
  roles,
  onClose,
  onDone,
}: {
  readonly one: Principal
  readonly roles: number
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const queries = useQueryClient()
  return (
    <Confirm
      title={`Delete ${one.name}`}
      verb={`Delete ${one.name}`}
      danger
      typed={one.name}
      onDone={async () => {
        await remove(one.id)
        await queries.invalidateQueries({ queryKey: ['arm'] })
        setTimeout(onDone)
      }}
      onClose={onClose}
    >
      <p>
        {one.properties.passwordCredentials.length} tokens end at once, and {roles} roles name nobody any
        more. What they did stays in the activity log.
      </p>
    </Confirm>
  )
}
