import type { S3Client } from '@aws-sdk/client-s3'

type Sdk = typeof import('@aws-sdk/client-s3')

/** S3 wants parts of at least 5 MiB and at most 10,000 of them: 16 MiB allow for files of 156 GiB. */
const partBytes = 16 * 1024 * 1024

interface Options {
  readonly ifNoneMatch?: '*'
  readonly abortSignal?: AbortSignal
}

/**
 * Stores a body of unknown length under a key: what fits into one part by one request, else in parts, which S3 shows
 * as a file only once all are there. Whatever goes wrong, no parts are left behind (unless this process is killed; S3
 * can be told to forget those by a lifecycle rule).
 */
export async function uploadS3(
  s3: Sdk,
  client: S3Client,
  at: { readonly Bucket: string; readonly Key: string },
  body: AsyncIterable<Uint8Array>,
  { ifNoneMatch, abortSignal }: Options,
): Promise<{ readonly size: number; readonly etag: string | undefined }> {
  const options = abortSignal === undefined ? {} : { abortSignal }
  const condition = ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }
  const parts = partsOf(body)
  const first = await parts.next()
  const second = await parts.next()
  const head = first.value ?? new Uint8Array()
  if (second.done === true) {
    const { ETag } = await client.send(new s3.PutObjectCommand({ ...at, ...condition, Body: head }), options)
    return { size: head.byteLength, etag: ETag }
  }

  const { UploadId } = await client.send(new s3.CreateMultipartUploadCommand(at), options)
  const upload = { ...at, UploadId }
  try {
    const done: { PartNumber: number; ETag: string | undefined }[] = []
    let size = 0
    const send = async (part: Uint8Array) => {
      const PartNumber = done.length + 1
      const { ETag } = await client.send(
        new s3.UploadPartCommand({ ...upload, PartNumber, Body: part }),
        options,
      )
      done.push({ PartNumber, ETag })
      size += part.byteLength
    }
    await send(head)
    await send(second.value)
    for await (const part of parts) await send(part)
    const { ETag } = await client.send(
      new s3.CompleteMultipartUploadCommand({ ...upload, ...condition, MultipartUpload: { Parts: done } }),
      options,
    )
    return { size, etag: ETag }
  } catch (error) {
    // The first failure is what counts; S3 may be out of reach by now.
    await client.send(new s3.AbortMultipartUploadCommand(upload)).catch(() => undefined)
    throw error
  }
}

/** The body in pieces of one part's length, the last one shorter. */
async function* partsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let held: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    held.push(chunk)
    bytes += chunk.byteLength
    while (bytes >= partBytes) {
      const whole = Buffer.concat(held)
      yield whole.subarray(0, partBytes)
      held = [whole.subarray(partBytes)]
      bytes -= partBytes
    }
  }
  if (bytes > 0) yield Buffer.concat(held)
  return undefined
}
