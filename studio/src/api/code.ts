import { queryOptions } from '@tanstack/react-query'
import { addressOf, call, respond } from './call.ts'
import { resourceQuery } from './queries.ts'
import type { Resource } from './resource.ts'
import type { WorkspaceProperties } from './workspaces.ts'

/** A file of a version of code. */
export interface CodeFile {
  /** Below the folder that was uploaded. */
  readonly path: string
  readonly bytes: number
  /** What tells contents apart, where the store knows it. */
  readonly md5: string | undefined
  /** Where it is fetched. */
  readonly url: string
}

export interface CodeContent {
  readonly files: readonly CodeFile[]
  /** Whether there are more than can be listed at once. */
  readonly isCut: boolean
}

/** Where files are in the Blob face of the server. */
interface Place {
  readonly container: string
  readonly path: string
}

/** The code of a job, by the id or the reference that the job has for it: `azureml:NAME:1` is the workspace's. */
export function codeIdOf(workspace: string, reference: string): string | undefined {
  const text = reference.replace(/^azureml:(?=\/)/, '')
  if (text.startsWith('/subscriptions/')) return text
  const [, name, version] = /^azureml:([^/:@]+):([^/:@]+)$/.exec(text) ?? []
  return name === undefined || version === undefined
    ? undefined
    : `${workspace}/codes/${name}/versions/${version}`
}

/** The files of a version of code, which never change. */
export const codeQuery = (workspace: string, id: string) =>
  queryOptions({
    queryKey: ['code', id.toLowerCase()],
    queryFn: async ({ client, signal }): Promise<CodeContent> => {
      const [code, home] = await Promise.all([
        call<Resource<{ readonly codeUri: string }>>(id, { signal }),
        client.ensureQueryData(resourceQuery<WorkspaceProperties>(workspace)),
      ])
      const place = placeOf(code.properties.codeUri, home.properties.workspaceId ?? '')
      if (place === undefined)
        throw new Error(
          `The files of this code are at ${code.properties.codeUri}, which Studio cannot look into.`,
        )
      return list(place, signal)
    },
    staleTime: Infinity,
  })

/** Where a `codeUri` points: a blob's own URL, or a path of a datastore of the workspace with this GUID. */
export function placeOf(uri: string, guid: string): Place | undefined {
  const [, container, blob] = /^https?:\/\/[^/]+\/devstoreaccount1[^/]*\/([^/]+)\/(.*?)\/?$/.exec(uri) ?? []
  if (container !== undefined && blob !== undefined) return { container, path: decodeURIComponent(blob) }
  const [, datastore = '', path] = /^azureml:\/\/.*?\bdatastores\/([^/]+)\/paths\/(.*?)\/?$/.exec(uri) ?? []
  if (path === undefined) return undefined
  const own = ownContainers[datastore.toLowerCase()] ?? `store-${datastore.toLowerCase()}`
  return { container: `${guid}-${own}`, path }
}

/** How the Blob face calls the containers of the datastores that every workspace has. */
const ownContainers: Readonly<Record<string, string>> = {
  workspaceblobstore: 'blobstore',
  workspaceartifactstore: 'artifacts',
}

async function list({ container, path }: Place, signal: AbortSignal): Promise<CodeContent> {
  const root = `/devstoreaccount1/${container}`
  const response = await respond(root, {
    signal,
    query: { restype: 'container', comp: 'list', prefix: path },
  })
  const page = new DOMParser().parseFromString(await response.text(), 'application/xml')
  const textOf = (of: Element, tag: string) => of.getElementsByTagName(tag)[0]?.textContent ?? ''
  const files = [...page.getElementsByTagName('Blob')].flatMap((blob): readonly CodeFile[] => {
    const name = textOf(blob, 'Name')
    const isWhole = name === path
    if (!isWhole && !name.startsWith(`${path}/`)) return []
    const md5 = textOf(blob, 'Content-MD5')
    return [
      {
        path: isWhole ? (name.split('/').at(-1) ?? name) : name.slice(path.length + 1),
        bytes: Number(textOf(blob, 'Content-Length')),
        md5: md5 === '' ? undefined : md5,
        url: addressOf(`${root}/${name}`),
      },
    ]
  })
  return { files, isCut: textOf(page.documentElement, 'NextMarker') !== '' }
}

/** More than this no editor should be given. */
export const mostShownBytes = 1024 * 1024

/** A file's text, or in words why it is not shown. */
export type CodeText = { readonly text: string } | { readonly why: string }

/** What a file says. */
export const codeTextQuery = (file: CodeFile) =>
  queryOptions({
    queryKey: ['code-text', file.url],
    queryFn: async ({ signal }): Promise<CodeText> => {
      if (file.bytes > mostShownBytes)
        return { why: 'It is larger than 1 MiB, which is too much to be shown here.' }
      const response = await fetch(file.url, { signal })
      if (!response.ok) throw new Error(`The file could not be read: the server answered ${response.status}.`)
      return textIn(new Uint8Array(await response.arrayBuffer()))
    },
    staleTime: Infinity,
  })

/** Bytes as text, if they are that: UTF-8 without NUL characters. */
export function textIn(bytes: Uint8Array): CodeText {
  const why = 'It is no text: its bytes mean something to programs only.'
  if (bytes.includes(0)) return { why }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { why }
  }
}
