import { appendFile, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { isSampled } from '../../collection/events.ts'
import type { Exchange } from '../../collection/spool.ts'
import type { RouteTable } from '../routes/route-table.ts'
import type { Collector, Scored } from './scored.ts'

/** Why something that should have been collected was not. */
export type DropReason = 'behind' | 'too-large' | 'disk'

export interface SpoolerOptions {
  /** Folder of all spools. */
  readonly folder: string
  readonly onCollected: (endpoint: string, deployment: string) => void
  readonly onDropped: (endpoint: string, deployment: string, reason: DropReason, requests: number) => void
  /** Lines are written together after so long. */
  readonly togetherMs?: number
  /** A file is closed, and so taken up by the control plane, after so long or so many bytes. */
  readonly closeMs?: number
  readonly closeBytes?: number
}

/** What may wait for the disk, over all deployments, and how long a body may be to be collected. */
const mostBehindBytes = 64 * 2 ** 20
const longestBody = 4 * 2 ** 20

/**
 * Keeps what the data collector is shown in files for the control plane to take up. It never waits and never throws:
 * where the disk is slow or full, requests go uncollected, and are counted.
 */
export function createSpooler(options: SpoolerOptions) {
  const { togetherMs = 100, closeMs = 2000, closeBytes = 8 * 2 ** 20 } = options
  const spools = new Map<string, Spool>()
  // In the names of files, so that another process of the same id never takes up a name again.
  const started = Date.now()
  let behind = 0

  /** Spools by endpoint and deployment. */
  const nameOf = (endpoint: string, deployment: string) => `${endpoint}/${deployment.toLowerCase()}`

  function apply({ endpoints }: Pick<RouteTable, 'endpoints'>): void {
    const wanted = new Map<string, { readonly spool: string; readonly rate: number }>()
    for (const [endpoint, { deployments }] of Object.entries(endpoints))
      for (const [deployment, { collect }] of Object.entries(deployments))
        if (collect !== undefined) wanted.set(nameOf(endpoint, deployment), collect)
    for (const [name, spool] of spools)
      if (!wanted.has(name)) {
        spools.delete(name)
        void spool.close()
      }
    for (const [name, { spool: folder, rate }] of wanted) {
      const spool = spools.get(name)
      if (spool?.folder === folder) spool.rate = rate
      else {
        void spool?.close()
        spools.set(name, openSpool(folder, rate))
      }
    }
  }

  const collector: Collector = {
    wants: (endpoint, deployment) => spools.has(nameOf(endpoint, deployment)),
    collect(scored) {
      const spool = spools.get(nameOf(scored.endpoint, scored.deployment))
      if (spool === undefined || !isSampled(scored.requestId, spool.rate)) return
      const drop = (reason: DropReason, requests = 1) =>
        options.onDropped(scored.endpoint, scored.deployment, reason, requests)
      const bytes = scored.request.body.length + scored.response.body.length
      if (bytes > longestBody) return drop('too-large')
      if (behind + bytes > mostBehindBytes) return drop('behind')
      behind += bytes
      spool.write(lineOf(scored), bytes, (isKept) => {
        behind -= bytes
        if (isKept) options.onCollected(scored.endpoint, scored.deployment)
        else drop('disk')
      })
    },
  }

  function openSpool(name: string, rate: number): Spool {
    const folder = join(options.folder, name)
    let file = 0
    let size = 0
    let lines: { readonly text: string; readonly told: (isKept: boolean) => void }[] = []
    let timer: NodeJS.Timeout | undefined
    let closing: NodeJS.Timeout | undefined
    let writing = Promise.resolve()

    const openName = () =>
      join(folder, `gateway-${process.pid}-${started}${String(file).padStart(6, '0')}.open`)
    const roll = async () => {
      clearTimeout(closing)
      closing = undefined
      if (size > 0) await rename(openName(), openName().replace(/open$/, 'jsonl')).catch(() => undefined)
      size = 0
      file++
    }
    const flush = () => {
      clearTimeout(timer)
      timer = undefined
      const batch = lines
      lines = []
      if (batch.length === 0) return
      writing = writing.then(async () => {
        const text = batch.map((line) => line.text).join('')
        let isKept = true
        try {
          if (size === 0) await mkdir(folder, { recursive: true })
          await appendFile(openName(), text)
          size += text.length
        } catch {
          isKept = false
          // The last line may be there in part: nothing may be written behind it.
          size = 1
        }
        for (const { told } of batch) told(isKept)
        if (!isKept || size > closeBytes) await roll()
        else closing ??= setTimeout(() => void (writing = writing.then(roll)), closeMs).unref()
      })
    }
    return {
      folder: name,
      rate,
      write(text, _bytes, told) {
        lines.push({ text, told })
        timer ??= setTimeout(flush, togetherMs)
      },
      async close() {
        flush()
        await writing
        await roll()
      },
    }
  }

  return {
    ...collector,
    apply,
    /** Writes what waits, and closes all files. */
    async close(): Promise<void> {
      await Promise.all([...spools.values()].map((spool) => spool.close()))
    },
  }
}

interface Spool {
  readonly folder: string
  rate: number
  write(text: string, bytes: number, told: (isKept: boolean) => void): void
  close(): Promise<void>
}

const lineOf = ({ requestId, clientRequestId, arrived, operation, request, response }: Scored): string =>
  `${JSON.stringify({
    kind: 'exchange',
    id: requestId,
    ...(clientRequestId === undefined ? {} : { client: clientRequestId }),
    at: arrived.toISOString(),
    operation,
    requestType: request.contentType,
    request: request.body.toString(),
    ...(request.headers === undefined ? {} : { headers: request.headers }),
    status: response.status,
    responseType: response.contentType,
    response: response.body.toString(),
  } satisfies Exchange)}\n`
