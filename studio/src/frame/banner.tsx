import { IconPlugConnectedX } from '../parts/icons.ts'
import { useEffect, useState } from 'react'
import style from './frame.module.css'

/** How long a break may last before it is spoken of: a server that restarts is back before that. */
const patienceMs = 2500

/** Says that what is shown may be old, and since when. */
export function Banner({ since }: { readonly since: Date }) {
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  if (!isLate) return null
  return (
    <div className={style.banner} role="status">
      <IconPlugConnectedX size={16} aria-hidden />
      The server is away. What you see is from {since.toLocaleTimeString('en-GB')}; it goes on by itself when
      the server is back.
    </div>
  )
}
