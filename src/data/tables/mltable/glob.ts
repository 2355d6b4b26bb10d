/**
 * The regular expression of a pattern of paths: `*` and `?` stand for characters of one segment, `**` for any number of
 * segments, `[abc]` for one of these characters. Everything else stands for itself.
 */
export function globPattern(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/?|\*|\?|\[[^\]/]+\]|[^]/g, (part) => {
    if (part === '**/') return '(?:[^/]+/)*'
    if (part === '**') return '.*'
    if (part === '*') return '[^/]*'
    if (part === '?') return '[^/]'
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\')
    return part.replace(/[\\^$.+()[\]{}|/]/, '\\$&')
  })
  return new RegExp(`^${source}$`, 'u')
}

/** Where the wildcards of a pattern begin: the folder before it, and the rest. */
export function splitPattern(pattern: string): { readonly folder: string; readonly rest: string } {
  const first = pattern.search(/[*?[]/)
  const cut = pattern.lastIndexOf('/', first < 0 ? pattern.length : first)
  return { folder: pattern.slice(0, Math.max(cut, 0)), rest: pattern.slice(cut + 1) }
}
