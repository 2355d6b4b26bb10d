import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { settled } from '../browser/browser.ts'

/** A place of Studio that was found, and the pattern of the router that shows it. */
export interface Found {
  /** Path and search: `/w/dev/jobs/train?tab=logs`. */
  readonly address: string
  readonly pattern: string
}

/** The patterns of all pages below a workspace, as the router has them: `jobs/$job`. */
export const patterns: readonly string[] = [
  ...readFileSync(join(import.meta.dirname, '../../studio/src/router.tsx'), 'utf8').matchAll(
    /\bpage\(\s*'([^']+)'/g,
  ),
].map(([, pattern = '']) => pattern.replace(/^\/$/, ''))

/** The pattern that shows a path of the workspace; where two fit, the one that says more of it literally. */
export function patternOf(path: string, base: string): string | undefined {
  const words = path.slice(base.length).split('/').filter(Boolean)
  const literal = (pattern: string) => pattern.split('/').filter((word) => !word.startsWith('$')).length
  return patterns
    .filter((pattern) => {
      const parts = pattern.split('/').filter(Boolean)
      return (
        parts.length === words.length &&
        parts.every((part, i) => part.startsWith('$') || part === decodeURIComponent(words[i] ?? ''))
      )
    })
    .toSorted((a, b) => literal(b) - literal(a))[0]
}

/**
 * Walks from the workspace's home along links and tabs, and calls `look` at each page: of each pattern at `most` objects, of
 * these at every tab. Answers with what was seen.
 */
export async function crawl(
  page: Page,
  {
    base,
    chosen,
    most,
    look,
  }: {
    readonly base: string
    /** Pages that one gets to by choosing what to compare, below the base. */
    readonly chosen: readonly string[]
    readonly most: number
    readonly look: (at: Found) => Promise<void>
  },
): Promise<readonly Found[]> {
  const origin = new URL(page.url()).origin
  const waiting = [base, ...chosen.map((path) => `${base}/${path}`)]
  const known = new Set(waiting)
  const counts = new Map<string, number>()
  const seen: Found[] = []
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const pattern = patternOf(new URL(path, origin).pathname, base)
    if (pattern === undefined) throw new Error(`No page is at ${path}, to which a link leads.`)
    if ((counts.get(pattern) ?? 0) >= most) continue
    counts.set(pattern, (counts.get(pattern) ?? 0) + 1)
    await page.goto(`${origin}${path}`)
    await settled(page)
    const tabs = await page.getByRole('tab').count()
    for (let tab = 0; tab < Math.max(1, tabs); tab++) {
      if (tabs > 0) await page.getByRole('tab').nth(tab).click()
      await settled(page)
      const { pathname, search } = new URL(page.url())
      const found = { address: `${pathname}${search}`, pattern }
      await look(found)
      seen.push(found)
      for (const link of await linksOf(page, base))
        if (!known.has(link)) {
          known.add(link)
          waiting.push(link)
        }
    }
  }
  return seen
}

/** Where the links of the page lead, below the workspace. */
async function linksOf(page: Page, base: string): Promise<readonly string[]> {
  const all = await page.evaluate<readonly string[]>(
    '[...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"))',
  )
  return all.filter((href) => href === base || href.startsWith(`${base}/`))
}
