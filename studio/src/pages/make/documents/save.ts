import { RemoteFailure } from '../../../../../src/cli/client/remote-failure.ts'
import { Failure } from '../../../../../src/cli/failure.ts'
import type { Body } from '../../../../../src/cli/present/present.ts'
import { wantedBy } from '../../../../../src/cli/references/collect.ts'
import { resolveAll } from '../../../../../src/cli/references/resolve.ts'
import { locationOf } from '../../../../../src/cli/commands/targets.ts'
import { refusals } from '../../../../../src/cli/submit/refusals.ts'
import type { Problem } from '../../../../../src/cli/yaml/problem.ts'
import { clientOf } from './client.ts'
import type { DocumentKind } from './document.ts'
import { NotSaved } from './not-saved.ts'
import { placeOf } from './places.ts'
import type { Reading } from './read.ts'
import { uploadFile } from './upload.ts'

export interface Saving {
  readonly workspaceId: string
  readonly reading: Reading
  readonly kind: DocumentKind
  /** What is there, as it was read: nobody's later change is overwritten. Undefined to make something new. */
  readonly before: Body | undefined
  /** Files that were given to the browser, by the paths that the document has for them. */
  readonly files: ReadonlyMap<string, File>
}

/**
 * Saves a document as the command line does: looks up what it refers to, uploads what it was given, and puts it. Returns
 * what is there then. Throws NotSaved with every problem.
 */
export async function save({ workspaceId, reading, kind, before, files }: Saving): Promise<Body> {
  const { loaded, followed } = reading
  const errors = reading.problems.filter(({ severity }) => severity === 'error')
  if (loaded === undefined || errors.length > 0)
    throw new NotSaved('There is something to mend first.', errors)
  const client = clientOf(workspaceId)
  const problems: Problem[] = []
  const resolved = await resolveAll(client, wantedBy(loaded, followed), problems)
  if (problems.length > 0) throw new NotSaved('It refers to what is not there.', problems)
  const fileAt = (path: string): File => {
    const file = files.get(path)
    if (file === undefined) throw new Failure(`choose the file ${path} first`)
    return file
  }
  try {
    const { path, body } = await kind.write(loaded.value as never, {
      client,
      resolved,
      followed,
      before,
      location: await locationOf(client),
      upload: (at, datastore) => uploadFile(client, fileAt(at), datastore),
      read: (at) => fileAt(at).text(),
    })
    if (before?.id !== undefined && !isOf(before.id, path))
      throw new NotSaved(
        `What is there keeps its name, ${before.name ?? ''}. To make another one like it, duplicate it.`,
      )
    const etag = before?.['etag']
    const isSame = typeof etag === 'string' && before?.id?.toLowerCase().endsWith(path.toLowerCase())
    const headers = isSame === true ? { 'if-match': `"${etag}"` } : { 'if-none-match': '*' }
    return await client.put<Body>(path, body, { wait: false, headers })
  } catch (error) {
    throw asNotSaved(error, reading, before)
  }
}

/** Whether a path is that of a resource, or of another version of it. */
const isOf = (id: string, path: string): boolean => {
  const [own, other] = [id, path].map((one) => one.toLowerCase().replace(/\/versions\/[^/]*$/, ''))
  return own?.endsWith(other ?? '') === true
}

function asNotSaved(error: unknown, { source }: Reading, before: Body | undefined): unknown {
  if (error instanceof RemoteFailure) {
    if (error.status === 412)
      return new NotSaved(
        before === undefined
          ? 'There is one of this name already: give it another, or edit the one there is.'
          : 'Somebody has changed it since you opened it.',
        [],
        true,
      )
    const details =
      error.details.length > 0 ? error.details : [{ target: error.target, message: error.message }]
    return new NotSaved(error.message, refusals(source, details, placeOf))
  }
  if (error instanceof Failure)
    return new NotSaved(error.hint === undefined ? error.message : `${error.message}: ${error.hint}`)
  return error
}
