import type { NameValue } from '../store/tracking/log.ts'

/** Tag of a logged model in which MLflow keeps as what it was registered. */
export const registrationsTag = 'mlflow.modelVersions'

/** The versions that a logged model was registered as; undefined if it was not. */
export function registrationsOf(tags: readonly NameValue[]) {
  const tag = tags.find((t) => t.name === registrationsTag)
  if (tag === undefined) return undefined
  try {
    const listed = JSON.parse(tag.value) as readonly { readonly name: string; readonly version: number }[]
    return listed.map(({ name, version }) => ({ name, version: String(version) }))
  } catch {
    // Anybody may write tags: one that says something else says nothing here.
    return undefined
  }
}
