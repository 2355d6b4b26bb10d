import { useState } from 'react'

/** What is typed of a document, kept for this tab until it is saved or thrown away: also over a reload. */
export interface Draft {
  readonly text: string
  readonly set: (text: string) => void
  /** Forgets what was typed. */
  readonly drop: () => void
  readonly isChanged: boolean
  /** True if it was typed before this page was opened. */
  readonly isRestored: boolean
}

/** The draft of a document that began as `initial`; `key` tells it from others. */
export function useDraft(key: string, initial: string): Draft {
  const name = `twinloop-draft ${key}`
  const [restored] = useState(() => sessionStorage.getItem(name) ?? undefined)
  const [text, setText] = useState(restored ?? initial)
  return {
    text,
    set(next) {
      setText(next)
      if (next === initial) sessionStorage.removeItem(name)
      else sessionStorage.setItem(name, next)
    },
    drop() {
      sessionStorage.removeItem(name)
      setText(initial)
    },
    isChanged: text !== initial,
    isRestored: restored !== undefined && restored !== initial,
  }
}
