/** What a path of an endpoint asks for. */
export type Resource = Description | Scoring

/** A prediction. Of the Open Inference Protocol the version may be missing. */
export type Scoring =
  | { readonly kind: 'score' | 'invocations' }
  | { readonly kind: 'infer'; readonly model: string; readonly version?: string | undefined }

/** What an endpoint says of itself. */
export type Description =
  | { readonly kind: 'root' | 'swagger' | 'ping' | 'version' | 'v2' | 'live' | 'ready' }
  | {
      readonly kind: 'model' | 'model-ready'
      readonly model: string
      readonly version?: string | undefined
    }

export const isScoring = (resource: Resource): resource is Scoring =>
  resource.kind === 'score' || resource.kind === 'invocations' || resource.kind === 'infer'

const plain: Readonly<Record<string, Resource>> = {
  '': { kind: 'root' },
  score: { kind: 'score' },
  invocations: { kind: 'invocations' },
  'swagger.json': { kind: 'swagger' },
  ping: { kind: 'ping' },
  health: { kind: 'ping' },
  version: { kind: 'version' },
  v2: { kind: 'v2' },
}

const inference =
  /^\/(.+?)\/v2\/(?:(health)\/(live|ready)|models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(ready|infer))?)$/

/**
 * Key of an endpoint (in lower case) and what is asked of it; undefined for a path that is none of an endpoint's. Keys
 * are paths themselves, so `known` says which there are, where a path could be read in two ways.
 */
export function readPath(
  path: string,
  known: (key: string) => boolean,
): { readonly key: string; readonly resource: Resource } | undefined {
  const cut = path.lastIndexOf('/')
  const resource =
    cut < 2 || !Object.hasOwn(plain, path.slice(cut + 1)) ? undefined : plain[path.slice(cut + 1)]
  const key = path.slice(1, cut).toLowerCase()
  if (resource && known(key)) return { key, resource }
  const found = inference.exec(path)
  if (!found) return resource && { key, resource }
  const [, base = '', health, state, model = '', version, act] = found
  const at = base.toLowerCase()
  if (health) return { key: at, resource: { kind: state === 'live' ? 'live' : 'ready' } }
  const kind = act === 'infer' ? 'infer' : act === 'ready' ? 'model-ready' : 'model'
  const names = { model: decoded(model), ...(version === undefined ? {} : { version: decoded(version) }) }
  return { key: at, resource: { kind, ...names } }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
