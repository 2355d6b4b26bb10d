import type { paths } from '../../frame/paths.ts'

/** The page of a version that is written `name:version`. */
export function versionPath(to: ReturnType<typeof paths>, label: string): string {
  const at = label.lastIndexOf(':')
  return at < 0 ? to.dataset(label) : to.dataVersion(label.slice(0, at), label.slice(at + 1))
}
