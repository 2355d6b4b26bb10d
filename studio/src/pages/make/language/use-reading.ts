import { useEffect, useState } from 'react'
import type { Kind } from '../../../../../src/cli/yaml/kinds.ts'
import type { Reach } from '../../../../../src/cli/yaml/source.ts'
import { readDocument, type Reading } from '../documents/read.ts'

const pauseMs = 250

/** What the command line says of a text, a moment after the last key. Undefined until the first is read. */
export function useReading(
  text: string,
  { shapes, reach, file }: { readonly shapes: readonly Kind[]; readonly reach: Reach; readonly file: string },
): Reading | undefined {
  const [reading, setReading] = useState<Reading>()
  useEffect(() => {
    let isLate = false
    const timer = setTimeout(
      () =>
        void readDocument(text, shapes, reach, file).then((read) => {
          if (!isLate) setReading(read)
        }),
      reading === undefined ? 0 : pauseMs,
    )
    return () => {
      isLate = true
      clearTimeout(timer)
    }
    // oxlint-disable-next-line react/exhaustive-deps -- only the very first reading is at once
  }, [text, shapes, reach, file])
  return reading
}
