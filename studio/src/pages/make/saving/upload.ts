import type { Client } from '../../../../../src/cli/client/client.ts'
import { uploadToDatastore } from '../../../../../src/cli/upload/datastore.ts'

/** More than this is not hashed: a browser can only do so with all of it in memory. */
const mostHashed = 256 * 1024 * 1024

/** Uploads a file that was given to the browser as the command line does; returns its `azureml://` URI. */
export const uploadFile = async (client: Client, file: File, datastore?: string): Promise<string> =>
  uploadToDatastore(
    client,
    {
      leaf: file.name,
      isFolder: false,
      hash: await hashOf(file),
      files: [{ path: file.name, name: file.name, size: file.size, open: async () => file }],
    },
    { datastore },
  )

/**
 * As the command line has it, so that the same file is uploaded once; what cannot be hashed (large files, and pages that
 * are not from HTTPS or this machine) gets a place of its own.
 */
async function hashOf(file: File): Promise<string> {
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined
  const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (file.size > mostHashed || subtle === undefined)
    return hex(globalThis.crypto.getRandomValues(new Uint8Array(32)))
  const content = new Blob([`${file.name}\0${file.size}\0`, file])
  return hex(new Uint8Array(await subtle.digest('SHA-256', await content.arrayBuffer())))
}
