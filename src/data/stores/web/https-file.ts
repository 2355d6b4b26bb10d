import { extname } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../../kernel/errors.ts'
import { decoded } from '../address.ts'
import { failureOf, networkCode } from '../failures.ts'
import type { Blame } from '../failures.ts'
import { FileChanged, FileMissing } from '../file-store.ts'
import type { FileInfo, ReadableStore } from '../file-store.ts'
import { fetchOpenly } from './open-web.ts'

/** How long a server may take to begin its answer. */
const patienceMs = 30_000

/** Waits before what may be mended by trying again is tried again. */
const pausesMs = [300, 1000, 3000]

/**
 * What lies at one URL, as a store of one file whose path is ''. It is read in parts where the server can (`Range`), and
 * known again by its ETag or, if it has none, by when it was changed and how long it is. The query of a URL may be a
 * signature, so messages leave it out.
 */
export function httpsFile(
  url: string,
  options: { readonly fetch?: typeof fetch; readonly pausesMs?: readonly number[] } = {},
): ReadableStore {
  const ask = fetchOpenly(options.fetch)
  const pauses = options.pausesMs ?? pausesMs
  const { origin, pathname, host } = new URL(url)
  const shown = `${origin}${pathname}`
  const blame: Blame = { name: `'${shown}'`, host, by: 'access without credentials' }

  const request = async (init: RequestInit, signal?: AbortSignal): Promise<Response> => {
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted()
      const pause = pauses[attempt]
      const late = new AbortController()
      const timer = setTimeout(() => late.abort(new DOMException('late', 'TimeoutError')), patienceMs)
      try {
        const answer = await ask(url, {
          ...init,
          signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
        })
        if (pause === undefined || !(answer.status === 429 || answer.status >= 500)) return answer
        await answer.body?.cancel()
      } catch (error) {
        signal?.throwIfAborted()
        if (error instanceof UserError) throw error
        const code = networkCode(error)
        // No time makes a wrong name or a closed port right soon enough.
        const hopeless = code === 'ENOTFOUND' || code === 'ECONNREFUSED'
        if (pause === undefined || hopeless)
          throw failureOf(blame, { code: code ?? 'ECONNRESET', cause: error })
      } finally {
        clearTimeout(timer)
      }
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() =>
        signal?.throwIfAborted(),
      )
    }
  }

  return {
    name: blame.name,
    identity: url,

    async head(_path, signal) {
      let answer = await request({ method: 'HEAD' }, signal)
      // Some servers know no HEAD, and signatures are for one method.
      if ([400, 403, 405, 501].includes(answer.status)) {
        answer = await request({ headers: { range: 'bytes=0-0' } }, signal)
        await answer.body?.cancel()
      }
      if (answer.status === 404 || answer.status === 410) return undefined
      if (!answer.ok) throw failureOf(blame, { status: answer.status, cause: undefined })
      return infoOf(answer.headers)
    },

    async read(_path, { range, ifMatch, signal } = {}) {
      const asked = range === undefined ? undefined : `bytes=${range.start}-${range.end ?? ''}`
      const answer = await request(
        // Compressed on its way, a file has other lengths than it says.
        { headers: { 'accept-encoding': 'identity', ...(asked === undefined ? {} : { range: asked }) } },
        signal,
      )
      if (answer.status === 416) return Readable.from([])
      if (answer.status === 404 || answer.status === 410)
        throw new FileMissing(`Nothing is at ${shown} (it answers ${answer.status}).`)
      if (!answer.ok) throw failureOf(blame, { status: answer.status, cause: undefined })
      if (ifMatch !== undefined && infoOf(answer.headers).etag !== ifMatch) {
        await answer.body?.cancel()
        throw new FileChanged(`What is at ${shown} has changed.`)
      }
      if (answer.body === null) return Readable.from([])
      const body = Readable.fromWeb(answer.body as never)
      // A server that knows no ranges sends all of it.
      return asked !== undefined && answer.status === 200 ? slice(body, range) : body
    },
  }
}

/** Bytes that the name of a file has at most. */
const longestName = 255

/** What a file from a URL is called on a disk: as the last part of its path, where that can be a name. */
export function fileNameOf(url: string): string {
  const segment = new URL(url).pathname.split('/').findLast((s) => s !== '') ?? ''
  const plain = decoded(segment)
  const name = plain.split('/').findLast((s) => s !== '') ?? ''
  if (/^\.{0,2}$/.test(name) || name.includes('\0')) return 'download'
  // The suffix tells of some files what they are.
  return Buffer.byteLength(name) <= longestName ? name : `download${extname(name).slice(0, 20)}`
}

function infoOf(headers: Headers): FileInfo {
  const total = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? headers.get('content-length')
  const modified = headers.get('last-modified')
  const etag = headers.get('etag') ?? (modified === null || total === null ? null : `${modified} ${total}`)
  return {
    path: '',
    size: total === null ? undefined : Number(total),
    etag: etag?.replace(/^(?:W\/)?"|"$/g, ''),
    modifiedAt: modified === null ? undefined : new Date(modified),
  }
}

/** The part of a stream that was asked for. */
function slice(
  body: Readable,
  range: { readonly start: number; readonly end?: number } | undefined,
): Readable {
  const { start, end = Number.POSITIVE_INFINITY } = range ?? { start: 0 }
  return Readable.from(
    (async function* () {
      let at = 0
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        const from = Math.max(0, start - at)
        const to = Math.min(chunk.byteLength, end + 1 - at)
        at += chunk.byteLength
        if (from < to) yield chunk.subarray(from, to)
        if (at > end) return
      }
    })(),
  )
}
