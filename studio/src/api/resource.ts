/** A resource as Azure Resource Manager shows it; `P` is what its kind has in `properties`. */
export interface Resource<P = Readonly<Record<string, unknown>>> {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly etag?: string
  readonly location?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly sku?: { readonly name?: string; readonly capacity?: number }
  readonly properties: P
  readonly systemData: {
    readonly createdAt: string
    readonly createdBy: string
    readonly lastModifiedAt: string
    readonly lastModifiedBy: string
  }
}

export interface Page<T> {
  readonly value: readonly T[]
  readonly nextLink?: string
}

/** The names in an id, outermost first: `['dev', 'flight-delay', '1']`. */
export const namesIn = (id: string): readonly string[] => {
  const [, below = ''] = /\/workspaces\/(.*)$/i.exec(id) ?? []
  const [own, extension] = below.split(/\/providers\/twinloop\//i)
  const names = (own ?? '').split('/').filter((_, i) => i % 2 === 0)
  return names.concat((extension ?? '').split('/').filter((_, i) => i % 2 === 1))
}

/** `flights:1` for a version, the name for all else, also of what is written `azureml:…` or as a path. */
export function labelOf(reference: string): string {
  const version = /\/([^/]+)\/versions\/([^/]+)\/?$/i.exec(reference)
  if (version !== null) return `${version[1] ?? ''}:${version[2] ?? ''}`
  return reference
    .replace(/^azureml:/, '')
    .replace(/\/$/, '')
    .split('/')
    .at(-1) as string
}
