import { useEffect, useState } from 'react'
import { readLog } from '../../api/jobs.ts'

/** How often a log that grows is asked for more. */
const everyMs = 1000
/** What a browser shows without stumbling; of a longer log the end. */
const mostCharacters = 2_000_000

interface Log {
  readonly text: string
  /** Characters that were left out at the beginning. */
  readonly dropped: number
  readonly error?: Error | undefined
}

/** A log's text, and while its job runs what is added to it: only the new bytes are asked for. */
export function useLog(url: string, isActive: boolean): Log {
  const [log, setLog] = useState<Log>({ text: '', dropped: 0 })
  // Addresses are signed anew each time they are asked for; the log is the same.
  const path = new URL(url).pathname
  useEffect(() => {
    const gone = new AbortController()
    const decoder = new TextDecoder()
    let read = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    setLog({ text: '', dropped: 0 })
    const more = async () => {
      try {
        const bytes = await readLog(url, read, gone.signal)
        if (bytes !== undefined && bytes.byteLength > 0) {
          read += bytes.byteLength
          const added = decoder.decode(bytes, { stream: true })
          setLog(({ text, dropped }) => {
            const all = text + added
            const left = Math.max(0, all.length - mostCharacters)
            return { text: all.slice(left), dropped: dropped + left }
          })
        }
        if (isActive) timer = setTimeout(() => void more(), everyMs)
      } catch (error) {
        if (gone.signal.aborted) return
        if (read === 0) setLog({ text: '', dropped: 0, error: error as Error })
        if (isActive) timer = setTimeout(() => void more(), 5 * everyMs)
      }
    }
    void more()
    return () => {
      gone.abort()
      clearTimeout(timer)
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- see `path`
  }, [path, isActive])
  return log
}
