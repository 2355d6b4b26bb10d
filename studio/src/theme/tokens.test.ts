import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8')

/** The colours of a theme by their names. */
function tokens(theme: 'light' | 'dark'): ReadonlyMap<string, string> {
  const block = new RegExp(`scheme='${theme}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? ''
  return new Map(
    Array.from(block.matchAll(/--([\w-]+): (#[\da-f]{6});/g), ([, name = '', colour = '']) => [name, colour]),
  )
}

/** WCAG 2.2's contrast ratio of two colours. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [r = 0, g = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue
  }
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

for (const theme of ['light', 'dark'] as const)
  test(`every text of the ${theme} theme can be read, and every edge that matters be seen`, () => {
    const colours = tokens(theme)
    assert.ok(colours.size > 25)
    const colour = (name: string) => colours.get(name) ?? assert.fail(`no --${name}`)
    const least = (ratio: number, front: string, ...backs: readonly string[]) => {
      for (const back of backs) {
        const found = contrast(colour(front), colour(back))
        assert.ok(found >= ratio, `--${front} on --${back} has ${found.toFixed(2)}, wanted ${ratio}`)
      }
    }
    least(4.5, 'text', 'page', 'raised', 'hover', 'accent-tint', 'bad-tint')
    least(4.5, 'muted', 'page', 'raised', 'hover')
    least(4.5, 'accent', 'page', 'raised', 'accent-tint')
    for (const family of ['ok', 'active', 'attention', 'bad', 'off'])
      least(4.5, family, 'page', 'raised', `${family}-tint`)
    least(4.5, 'on-accent', 'accent-fill', 'accent-fill-hover', 'bad-fill')
    least(3, 'control', 'page', 'raised')
    for (const number of [1, 2, 3, 4, 5, 6]) least(3, `series-${number}`, 'page')
  })
