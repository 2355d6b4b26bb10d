import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Says whether a path below a folder (with `/`, and ending in one for folders) is left out of an upload. */
export type Ignore = (path: string) => boolean

/** The rules of a folder: its `.amlignore`, or else its `.gitignore`, as Azure's SDK has it; and never `.git`. */
export async function readIgnore(folder: string): Promise<Ignore> {
  for (const name of ['.amlignore', '.gitignore']) {
    try {
      return parseIgnore(await readFile(join(folder, name), 'utf8'))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return parseIgnore('')
}

/** Rules in gitignore's language: the last that matches a path or a folder above it decides; `!` takes back. */
export function parseIgnore(text: string): Ignore {
  const rules = ['.git/', '__pycache__/', ...text.split(/\r?\n/)]
    .map((line) => line.replace(/(?<!\\)\s+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseRule)
  return (path) => {
    const segments = path.replace(/\/$/, '').split('/')
    for (let depth = 1; depth <= segments.length; depth++) {
      const part = segments.slice(0, depth).join('/')
      const isFolder = depth < segments.length || path.endsWith('/')
      const rule = rules.findLast((r) => (isFolder || !r.foldersOnly) && r.pattern.test(part))
      // What lies in a folder that is left out cannot be taken back.
      if (rule !== undefined && !rule.takesBack) return true
    }
    return false
  }
}

function parseRule(line: string) {
  const takesBack = line.startsWith('!')
  const body = line.replace(/^[!\\]/, '')
  const foldersOnly = body.endsWith('/')
  const inner = body.replace(/\/$/, '')
  const anchored = inner.includes('/')
  const source = inner
    .replace(/^\//, '')
    .split(/(\*\*\/|\/\*\*$|\*|\?|\[[^\]]*\])/)
    .map((token) => {
      if (token === '**/') return '(?:.*/)?'
      if (token === '/**') return '/.*'
      if (token === '*') return '[^/]*'
      if (token === '?') return '[^/]'
      if (/^\[.*\]$/.test(token)) return token.replace(/^\[!/, '[^')
      return token.replaceAll(/\\(.)/g, '$1').replaceAll(/[\\^$.|+(){}[\]]/g, String.raw`\$&`)
    })
    .join('')
  return { takesBack, foldersOnly, pattern: new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}$`) }
}
