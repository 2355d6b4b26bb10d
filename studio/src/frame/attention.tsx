import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'

/** How long a page may take until its heading is there. */
const patienceMs = 8000

/**
 * Where one goes to another page, the focus goes to its heading, as it would go to the top of a new document, and its title
 * is told to who hears the page. Whoever types meanwhile is left alone.
 */
export function Attention() {
  // Of the page that is there, not of the one that is still being loaded.
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname ?? '' })
  const before = useRef(path)
  const [title, setTitle] = useState('')
  useEffect(() => {
    const isFirst = before.current === ''
    if (before.current === path) return undefined
    before.current = path
    // Where one enters, the browser has put the focus already.
    if (isFirst) return undefined
    const main = document.querySelector('main')
    if (main === null) return undefined
    const arrive = () => {
      const heading = main.querySelector<HTMLElement>('h1')
      if (heading === null) return false
      setTitle(document.title)
      if (isFree(document.activeElement)) {
        heading.tabIndex = -1
        heading.focus({ preventScroll: true })
      }
      return true
    }
    let observer: MutationObserver | undefined
    const frame = requestAnimationFrame(() => {
      if (arrive()) return
      observer = new MutationObserver(() => {
        if (arrive()) observer?.disconnect()
      })
      observer.observe(main, { childList: true, subtree: true })
    })
    const timer = setTimeout(() => observer?.disconnect(), patienceMs)
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
      observer?.disconnect()
    }
  }, [path])
  return (
    <div className="visually-hidden" aria-live="polite">
      {title}
    </div>
  )
}

/** True if nobody is doing anything where the focus is: on nothing, or on the link that was followed. */
const isFree = (active: Element | null): boolean =>
  active === null || active === document.body || active.closest('a, [role=menuitem]') !== null
