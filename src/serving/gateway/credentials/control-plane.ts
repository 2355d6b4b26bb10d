/** How long an answer holds: many requests may wait for the same deployment. */
const holdsMs = 1000
const patienceMs = 2000

/** Asks whether anybody answers at a URL, whatever the answer; nobody does at ''. */
export function answersOverHttp(now: () => number): (url: string) => Promise<boolean> {
  let last: { readonly url: string; readonly at: number; readonly answer: Promise<boolean> } | undefined
  return (url) => {
    if (last?.url === url && now() - last.at < holdsMs) return last.answer
    const answer = url === '' ? Promise.resolve(false) : answers(url)
    last = { url, at: now(), answer }
    return answer
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(patienceMs) }).then(
    async (response) => {
      await response.body?.cancel()
      return true
    },
    () => false,
  )
