import { checkKey, checkLength, limits } from '../../tracking/protocol/limits.ts'

interface Tag {
  readonly key: string
  readonly value: string
}

export const checkedTag = ({ key, value }: Tag): Tag => ({
  key: checkKey(key, 'key'),
  value: checkLength(value, limits.registryTagValue, 'value'),
})

export const tagMap = (tags: readonly Tag[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map((t) => [t.key, checkedTag(t).value]))
