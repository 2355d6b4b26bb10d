import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  BlobExists,
  BlobMissing,
  DigestMismatch,
  type Artifacts,
  type BlobIndex,
  type BlobInfo,
  type BlobName,
  type Body,
  type ByteStore,
  type PutOptions,
} from './artifacts.ts'
import { checkout } from './checkout.ts'
import { listPage } from './list-page.ts'
import { checkName } from './names.ts'
import { storeFolder } from './store-folder.ts'

/** Azure forgets blocks that were not committed within a week; so do we. */
const stagedForMs = 7 * 24 * 3600 * 1000

/** A body of which nothing came for a day will not come any more: its writer was killed. */
const brokenAfterMs = 24 * 3600 * 1000

/** Artifacts of the two things they are made of: where the bytes are, and which bytes a name means. */
export function createArtifacts(parts: {
  readonly bytes: ByteStore
  readonly index: BlobIndex
  readonly clock?: () => Date
  /** A new etag for each change. */
  readonly newEtag?: () => string
}): Artifacts {
  const { bytes, index, clock = () => new Date(), newEtag = randomEtag } = parts
  const writing = trackWrites(clock)
  const commits = rememberCommits()

  const change = ({ container, path }: BlobName) => ({
    container,
    path,
    etag: newEtag(),
    modifiedAt: clock(),
  })

  const describe = (
    name: BlobName,
    written: { digest: string; md5: string; size: number },
    options: PutOptions = {},
  ): BlobInfo => ({
    ...change(name),
    ...written,
    contentType: options.contentType ?? 'application/octet-stream',
    metadata: options.metadata ?? {},
  })

  const put = async (name: BlobName, body: Body, options: PutOptions = {}) => {
    checkName(name)
    if (options.ifNoneMatch && (await index.find(name)) !== undefined)
      throw new BlobExists(`There is a blob ${name.container}/${name.path} already.`)
    return writing(async () => {
      const written = await bytes.write(body)
      checkMd5(written.md5, options)
      const blob = describe(name, written, options)
      await index.set([blob], { ifAbsent: options.ifNoneMatch !== undefined })
      return blob
    })
  }

  const find = async (name: BlobName) => {
    const blob = await index.find(name)
    if (blob === undefined) throw new BlobMissing(`There is no blob ${name.container}/${name.path}.`)
    return blob
  }

  return {
    put,
    head: (name) => index.find(name),
    async read(name, range) {
      const { digest, size } = await find(name)
      const [start, end] = [range?.start ?? 0, Math.min(range?.end ?? size, size - 1)]
      return end < start ? Readable.from([]) : bytes.read(digest, { start, end })
    },
    list: (container, prefix, options = {}) => listPage(index, container, prefix, options),
    setMetadata: (name, metadata) => index.setMetadata(change(name), metadata),

    async copy(from, to, options = {}) {
      checkName(to)
      return index.copy(from, change(to), { ifAbsent: options.ifNoneMatch !== undefined })
    },

    remove: (name) => index.remove(name),
    containers: () => index.containers(),
    removeContainer: (container) => index.removeContainer(container),

    async stageBlock(name, blockId, body, options = {}) {
      checkName(name)
      await writing(async () => {
        const { digest, size, md5 } = await bytes.write(body)
        checkMd5(md5, options)
        await index.stage(name, blockId, { digest, size })
      })
    },

    async stagedBlocks(name) {
      return [...(await index.staged(name))].map(([id, { size }]) => ({ id, size }))
    },

    async commitBlocks(name, blockIds, options) {
      const staged = await index.staged(name)
      const unknown = blockIds.find((id) => !staged.has(id))
      if (unknown !== undefined) {
        const before = commits.repeated(name, blockIds, await index.find(name))
        if (before !== undefined) return before
        throw new BlobMissing(`No block ${JSON.stringify(unknown)} is staged for ${name.path}.`)
      }
      const digests = blockIds.flatMap((id) => staged.get(id)?.digest ?? [])
      const blob = await put(name, Readable.from(concatenate(bytes, digests)), options)
      commits.remember(blob, blockIds)
      await index.unstage(name)
      return blob
    },

    checkout: (name, folder, options) => checkout({ bytes, index }, name, folder, options),

    storeFolder: (folder, name) =>
      writing(async () => {
        const { files, digest } = await storeFolder(bytes, folder, name)
        await index.set(files.map((file) => describe(file.name, file.written)))
        return { files: files.length, bytes: files.reduce((sum, f) => sum + f.written.size, 0), digest }
      }),

    async sweep(graceMs) {
      const now = clock().getTime()
      const before = new Date(Math.min(now - graceMs, writing.oldest()))
      await index.unstageOlder(new Date(now - stagedForMs))
      await bytes.forgetBroken(new Date(now - brokenAfterMs))
      let files = 0
      let size = 0
      for await (const found of bytes.all()) {
        if (found.modifiedAt >= before || (await index.refers(found.digest))) continue
        if (!(await bytes.remove(found.digest, before))) continue
        files += 1
        size += found.size
      }
      return { files, bytes: size }
    },

    async sweepable(graceMs) {
      const before = new Date(Math.min(clock().getTime() - graceMs, writing.oldest()))
      const [old, younger] = [
        { files: 0, bytes: 0 },
        { files: 0, bytes: 0 },
      ]
      for await (const { digest, size, modifiedAt } of bytes.all()) {
        if (await index.refers(digest)) continue
        const sum = modifiedAt >= before ? younger : old
        sum.files += 1
        sum.bytes += size
      }
      return { ...old, younger }
    },
  }
}

function checkMd5(found: string, { md5 }: PutOptions) {
  if (md5 !== undefined && md5 !== found) throw new DigestMismatch(`The body's MD5 is ${found}, not ${md5}.`)
}

/**
 * Runs writes and knows since when the oldest of them runs: bytes younger than that may be on their way to a name, so
 * `sweep` leaves them alone even if its grace would not.
 */
function trackWrites(clock: () => Date) {
  const since = new Map<symbol, number>()
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    const id = Symbol('write')
    since.set(id, clock().getTime())
    try {
      return await work()
    } finally {
      since.delete(id)
    }
  }
  const oldest = () => Math.min(Number.MAX_SAFE_INTEGER, ...since.values())
  return Object.assign(run, { oldest })
}

/** The last commits of blocks, so that one which is asked for twice is recognised. */
function rememberCommits() {
  const most = 1000
  const seen = new Map<string, string>()
  const keyOf = ({ container, path }: BlobName) => `${container}/${path}`
  const print = (etag: string, blockIds: readonly string[]) => `${etag} ${blockIds.join(' ')}`
  return {
    remember(blob: BlobInfo, blockIds: readonly string[]) {
      seen.delete(keyOf(blob))
      seen.set(keyOf(blob), print(blob.etag, blockIds))
      if (seen.size > most) seen.delete(seen.keys().next().value ?? '')
    },
    repeated: (name: BlobName, blockIds: readonly string[], present: BlobInfo | undefined) =>
      present !== undefined && seen.get(keyOf(name)) === print(present.etag, blockIds) ? present : undefined,
  }
}

async function* concatenate(bytes: ByteStore, digests: readonly string[]) {
  for (const digest of digests) yield* (await bytes.read(digest)) as AsyncIterable<Uint8Array>
}

const randomEtag = () => `0x${randomBytes(8).toString('hex').toUpperCase()}`
