import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { Mark } from '../frame/mark.tsx'
import { useSearchWord } from '../frame/search.ts'
import { Command } from '../parts/copy.tsx'
import style from './sign-in.module.css'

/**
 * Signing in by a token, which is exchanged for a link that works once and is followed at once: the session is a cookie
 * that no script can read, and the token is kept nowhere.
 */
export function SignIn() {
  const [token, setToken] = useState('')
  const [link] = useSearchWord('link')
  const [next] = useSearchWord('next')
  const signIn = useMutation({
    mutationFn: async () => {
      const { url } = await call<{ url: string }>('/sign-in-links', {
        method: 'POST',
        headers: { authorization: `Bearer ${token.trim()}` },
      })
      // By a request rather than by going there, so that what was asked for can be shown afterwards.
      await fetch(`/${new URL(url).search}`, { redirect: 'follow' })
      location.assign(next.startsWith('/w/') ? next : '/')
    },
  })
  return (
    <main className={style.place}>
      <form
        className={style.card}
        onSubmit={(event) => {
          event.preventDefault()
          signIn.mutate()
        }}
      >
        <Mark size={40} />
        <h1>Sign in to Twinloop</h1>
        {link === 'used' ? (
          <p role="alert" className={style.alert}>
            This link is used up: it works once, for 15 minutes. A new one comes from the command below.
          </p>
        ) : null}
        <div className={style.part}>
          <p className="muted">On the machine of the server, this prints a link that signs you in:</p>
          <Command text="twinloop login" />
        </div>
        <div className={style.part}>
          <PasswordInput
            label="Or with a token"
            description="Of your own or of a service principal. It is not kept."
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            autoComplete="off"
            error={signIn.error?.message}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
          />
          <Button type="submit" size="sm" disabled={token.trim() === ''} loading={signIn.isPending}>
            Sign in
          </Button>
        </div>
      </form>
    </main>
  )
}
