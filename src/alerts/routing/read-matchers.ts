import { below, complain, isMap } from '../../kernel/grammar/place.ts'
import { listOf, text } from '../../kernel/grammar/values.ts'
import type { Read } from '../../kernel/grammar/values.ts'
import { parseMatcher, type Matcher } from './matchers.ts'

const matcher: Read<Matcher> = (place, value) => {
  const said = text(place, value)
  if (said === undefined) return undefined
  try {
    return parseMatcher(said)
  } catch (error) {
    return complain(place, `: ${(error as Error).message}`)
  }
}

/** Matchers as a list of texts, or as a map of labels that have to be equal. */
export const readMatchers: Read<readonly Matcher[]> = (place, value) => {
  if (value === undefined || value === null)
    return complain(place, ' are missing', { hint: 'which alerts? [alertname="…", endpoint=~"flight.*"]' })
  if (!isMap(value)) return listOf(matcher, { what: 'matchers' })(place, value)
  const read = Object.entries(value).map(([label, one]) => {
    const said = text(below(place, label), typeof one === 'number' ? String(one) : one)
    return said === undefined ? undefined : ({ label, operator: '=', value: said } as const)
  })
  if (read.length === 0) return complain(place, ' is an empty map', { hint: 'name labels' })
  return read.every((one) => one !== undefined) ? read : undefined
}
