import { errors } from '../kernel/errors.ts'

/** Scheme of artifacts that are reached through this server. */
const proxied = 'mlflow-artifacts:/'

/** Artifact root of experiments that name none. */
export const experimentArtifacts = `${proxied}ExperimentRun`

/** Artifact root of a run, also of one that is a job: its logs and captured outputs are there. */
export const runArtifacts = (runId: string): string => `${proxied}ExperimentRun/dcid.${runId}`

export const loggedModelArtifacts = (modelId: string): string => `${proxied}LoggedModels/${modelId}/artifacts`

/** Path in the workspace's artifact container of a proxied URI, also of one that names a host; undefined for others. */
export function proxiedPath(uri: string): string | undefined {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(uri)
  return match?.[1]?.replace(/\/+$/, '')
}

/** URI of a path in the workspace's artifact container. */
export const proxiedUri = (path: string): string => `${proxied}${path}`

/**
 * A path that a client sent, as it is kept: relative, without `.` or `..`, however often it was percent-encoded.
 * Throws badRequest.
 */
export function safePath(path: string): string {
  let decoded = path
  for (let i = 0; i < 5; i++) {
    const next = decodeOnce(decoded)
    if (next === decoded) break
    decoded = next
  }
  const parts = decoded.split('/')
  const bad =
    decoded.startsWith('/') ||
    /[\\#\0]/.test(decoded) ||
    /^[a-z]:/i.test(decoded) ||
    parts.some((part) => part === '..' || part === '.')
  if (bad)
    throw errors.badRequest(`Invalid path: '${path}'. It must be relative and stay below its root.`, {
      target: 'path',
    })
  return path.replace(/\/+$/, '')
}

function decodeOnce(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/**
 * Path by which the artifact proxy also reads what lies in the workspace's other containers: models that were
 * uploaded, say, rather than logged.
 */
export const datastorePath = (blob: { readonly which: string; readonly path: string }): string =>
  `datastores/${blob.which}/paths/${blob.path}`

/** The container's kind and the path in it that a proxied path means. */
export function readDatastorePath(path: string): {
  readonly which: 'blobstore' | 'artifacts'
  readonly path: string
} {
  const match = /^datastores\/blobstore\/paths(?:\/(.*))?$/s.exec(path)
  return match === null ? { which: 'artifacts', path } : { which: 'blobstore', path: match[1] ?? '' }
}
