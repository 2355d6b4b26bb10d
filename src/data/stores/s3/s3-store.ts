import { Readable } from 'node:stream'
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { failureOf, networkCode } from '../failures.ts'
import type { Blame } from '../failures.ts'
import { FileChanged, FileExists, FileMissing } from '../file-store.ts'
import type { FileInfo, FileStore } from '../file-store.ts'
import { stopping } from '../stopping.ts'
import { uploadS3 } from './s3-upload.ts'

export interface S3Access {
  readonly bucket: string
  /** Of a server that speaks S3 and is not Amazon's, e.g. `http://minio:9000`; its buckets are paths, not hosts. */
  readonly endpoint?: string
  /** Default: the one that the bucket is in, which Amazon tells. */
  readonly region?: string
  /** Absent: without credentials, as for public buckets. */
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/**
 * A bucket of Amazon S3 or of a server that speaks its protocol. A write is one put or one completed multipart upload:
 * all or nothing.
 */
export async function s3Store(options: { readonly name: string } & S3Access): Promise<FileStore> {
  const { name, bucket, endpoint, region, keys } = options
  // Only now: most servers have no bucket, and need not wait for its client to load.
  const s3 = await import('@aws-sdk/client-s3')
  const client = new s3.S3Client({
    region: region ?? 'us-east-1',
    followRegionRedirects: true,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(keys === undefined
      ? {
          signer: { sign: async (request) => request },
          credentials: { accessKeyId: '', secretAccessKey: '' },
        }
      : { credentials: keys }),
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 5000, requestTimeout: 60_000, socketTimeout: 60_000 },
    // Servers that are not Amazon's do not all know the newer checksums; TLS and the length guard what is sent.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const blame: Blame = {
    name,
    host: endpoint === undefined ? `${bucket}.s3.amazonaws.com` : new URL(endpoint).host,
    place: `bucket '${bucket}'`,
    by: keys === undefined ? 'access without credentials' : 'its access key',
  }
  return storeOf(s3, client, bucket, blame, `s3://${endpoint ?? ''}/${bucket}`)
}

type Sdk = typeof import('@aws-sdk/client-s3')

function storeOf(s3: Sdk, client: S3Client, bucket: string, blame: Blame, identity: string): FileStore {
  const { name } = blame
  const at = (path: string) => ({ Bucket: bucket, Key: path })

  const asking = async <T>(path: string, signal: AbortSignal | undefined, work: () => Promise<T>) => {
    try {
      signal?.throwIfAborted()
      return await work()
    } catch (error) {
      signal?.throwIfAborted()
      throw told(error, path)
    }
  }

  const told = (error: unknown, path: string): unknown => {
    const { name: code, $metadata } = error as S3ServiceException
    const status = $metadata?.httpStatusCode
    if (code === 'NoSuchKey') return new FileMissing(`There is no file ${path} in ${name}.`)
    if (status === 412 || code === 'PreconditionFailed')
      return new FileChanged(`${path} in ${name} has changed.`)
    const offline = networkCode(error)
    if (offline === undefined && status === undefined) return error
    return failureOf(blame, { status, code: offline ?? code, cause: error })
  }

  return {
    name,
    identity,

    async head(path, signal) {
      const found = await client
        .send(new s3.HeadObjectCommand(at(path)), signalled(signal))
        .catch((error: S3ServiceException) => (error.$metadata?.httpStatusCode === 404 ? undefined : error))
      signal?.throwIfAborted()
      if (found instanceof Error) throw told(found, path)
      if (found !== undefined)
        return {
          path,
          size: found.ContentLength ?? 0,
          etag: unquoted(found.ETag),
          modifiedAt: found.LastModified,
        }
      // A HEAD has no body: only this tells a bucket that is not there from a file.
      await asking(path, signal, () =>
        client.send(new s3.ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }), signalled(signal)),
      )
      return undefined
    },

    read: (path, { range, ifMatch, signal } = {}) =>
      asking(path, signal, async () => {
        const asked = new s3.GetObjectCommand({
          ...at(path),
          ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end ?? ''}` }),
          ...(ifMatch === undefined ? {} : { IfMatch: `"${ifMatch}"` }),
        })
        const answer = await client.send(asked, signalled(signal)).catch((error: S3ServiceException) => {
          // A range that begins behind the end of the file.
          if (error.$metadata?.httpStatusCode === 416) return undefined
          throw error
        })
        const body = (answer?.Body as Readable | undefined) ?? Readable.from([])
        // The client hears the signal only until the answer begins.
        return signal === undefined ? body : stopping(body, signal)
      }),

    list: (prefix, { after, limit = 1000, signal } = {}) =>
      asking(prefix, signal, async () => {
        const page = await client.send(
          new s3.ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            MaxKeys: Math.min(limit, 1000),
            ...(after === undefined ? {} : { ContinuationToken: after }),
          }),
          signalled(signal),
        )
        const files = (page.Contents ?? []).flatMap(({ Key, Size, ETag, LastModified }): FileInfo[] =>
          // A key that ends in a slash marks a folder.
          Key === undefined || Key.endsWith('/')
            ? []
            : [{ path: Key, size: Size ?? 0, etag: unquoted(ETag), modifiedAt: LastModified }],
        )
        const next = page.NextContinuationToken
        return next === undefined ? { files } : { files, next }
      }),

    async write(path, body, { ifNoneMatch, signal } = {}) {
      try {
        const { size, etag } = await uploadS3(s3, client, at(path), body, {
          ...signalled(signal),
          ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
        })
        return { path, size, etag: unquoted(etag), modifiedAt: undefined }
      } catch (error) {
        signal?.throwIfAborted()
        const failure = told(error, path)
        if (failure instanceof FileChanged && ifNoneMatch !== undefined)
          throw new FileExists(`${path} is in ${name} already.`, { cause: error })
        throw failure
      }
    },

    remove: (path, signal) =>
      asking(path, signal, async () => {
        const found = await client
          .send(new s3.HeadObjectCommand(at(path)), signalled(signal))
          .catch((error: S3ServiceException) => {
            if (error.$metadata?.httpStatusCode === 404) return undefined
            throw error
          })
        if (found !== undefined) await client.send(new s3.DeleteObjectCommand(at(path)), signalled(signal))
        return found !== undefined
      }),
  }
}

const signalled = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal })
const unquoted = (etag: string | undefined) => etag?.replaceAll('"', '')
