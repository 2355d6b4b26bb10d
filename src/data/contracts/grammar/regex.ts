import { complain } from '../../../kernel/grammar/place.ts'
import { text } from '../../../kernel/grammar/values.ts'
import type { Read } from '../../../kernel/grammar/values.ts'

/** What regular expressions of other languages have and RE2, which runs them in linear time, has not. */
const beyond: readonly (readonly [RegExp, string])[] = [
  [/\(\?<?[=!]/, 'lookahead and lookbehind'],
  [/\\[1-9]/, 'references to groups'],
  [/\(\?>|[*+?}]\+/, 'possessive quantifiers'],
]

/** A regular expression in RE2's syntax: found anywhere in the value, so ^ and $ say that it is the whole. */
export const regex: Read<string> = (place, value) => {
  const given = text(place, value)
  if (given === undefined) return undefined
  const bare = given.replaceAll(/\\\\|\[(?:\\.|[^\]\\])*\]/g, '')
  const missing = beyond.find(([sign]) => sign.test(bare))
  if (missing !== undefined)
    return complain(place, `: "${given}" uses ${missing[1]}, which RE2 does not have`, {
      hint: 'see https://github.com/google/re2/wiki/Syntax',
    })
  const wrong = fault(given)
  return wrong === undefined ? given : complain(place, `: "${given}" is not a regular expression: ${wrong}`)
}

/** What JavaScript says against it; flags and classes that only RE2 knows are taken out first. */
function fault(given: string): string | undefined {
  const ours = given
    .replaceAll(/\(\?[imsU-]+\)/g, '')
    .replaceAll(/\(\?[imsU-]+:/g, '(?:')
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
  try {
    RegExp(ours.replaceAll(/\[\[:\^?[a-z]+:\]/g, '[a'))
    return undefined
  } catch (error) {
    return (error as Error).message.replace(/^Invalid regular expression: \/.*\/[a-z]*: /s, '')
  }
}
