import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { childId, inWords, keyOf, parentId, parseArmId, scopeId, workspaceId } from './arm-id.ts'
import { UserError } from '../errors.ts'

const word = fc.stringMatching(/^[a-zA-Z0-9][\w.-]{0,10}$/).filter((w) => w !== '.' && w !== '..')
/** A name that is not a keyword of ids, as `providers` would be. */
const name = word.filter((w) => !['providers', 'resourcegroups', 'subscriptions'].includes(w.toLowerCase()))
const workspace = fc.tuple(name, name, name).map(([s, g, w]) => workspaceId(s, g, w))
const child = fc
  .tuple(workspace, fc.array(fc.tuple(name, name), { minLength: 1, maxLength: 3 }))
  .map(([base, pairs]) => ({ base, pairs, id: childId(base, ...pairs.flat()) }))

describe('resource ids', () => {
  test('taken apart and put together again are the same', () => {
    fc.assert(
      fc.property(child, ({ id, pairs }) => {
        const parsed = parseArmId(id)
        assert.equal(parsed.type, ['workspaces', ...pairs.map(([type]) => type)].join('/'))
        assert.deepEqual(
          parsed.names.slice(1),
          pairs.map(([, n]) => n),
        )
        const { subscription, resourceGroup, provider } = parsed
        const tail = parsed.type.split('/').map((type, i) => `${type}/${parsed.names[i]}`)
        assert.equal(
          `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/${provider}/${tail.join('/')}`,
          id,
        )
      }),
    )
  })

  test('a resource lies below its parent, and every step up ends at the subscription', () => {
    fc.assert(
      fc.property(child, ({ id, base, pairs }) => {
        let at = id
        for (let up = 0; up < pairs.length; up++) {
          assert.ok(keyOf(id).startsWith(`${keyOf(parentId(at))}/`))
          at = parentId(at)
        }
        assert.equal(at, base)
        const group = parentId(at)
        assert.deepEqual(parseArmId(group).type, 'resourceGroups')
        assert.deepEqual(parseArmId(parentId(group)).type, 'subscriptions')
        assert.equal(parentId(parentId(group)), '')
      }),
    )
  })

  test('an extension resource hangs on what it extends, and lies in the same workspace', () => {
    fc.assert(
      fc.property(child, name, name, ({ id, base }, type, n) => {
        const extension = `${id}/providers/Twinloop/${type}/${n}`
        const parsed = parseArmId(extension)
        assert.deepEqual([parsed.provider, parsed.type, parsed.names], ['Twinloop', type, [n]])
        assert.equal(parsed.extends, id)
        assert.equal(parentId(extension), id)
        assert.equal(scopeId(extension), base)
      }),
    )
  })

  test('case and a slash at the end make no other key', () => {
    fc.assert(
      fc.property(child, fc.infiniteStream(fc.boolean()), ({ id }, flips) => {
        const mixed = id.replaceAll(/[a-z]/g, (c) => (flips.next().value === true ? c.toUpperCase() : c))
        assert.equal(keyOf(`${mixed}/`), keyOf(id))
        assert.equal(keyOf(scopeId(mixed) ?? ''), keyOf(scopeId(id) ?? ''))
        assert.equal(parseArmId(mixed).names.length, parseArmId(id).names.length)
      }),
    )
  })

  test('any text is an id or is refused with a reason, and never climbs', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((w) => `/${w.join('/')}`),
        ),
        (text) => {
          try {
            const { names } = parseArmId(text)
            assert.ok(names.every((n) => n !== '' && n !== '..'))
          } catch (error) {
            assert.ok(error instanceof UserError, String(error))
            assert.match(error.message, /is not a resource id: /)
          }
        },
      ),
    )
    for (const bad of [
      '',
      '/',
      'subscriptions/s',
      '/subscriptions/s/resourceGroups',
      '/subscriptions/s/../t/x',
      '/subscriptions/s/resourceGroups/g/providers',
      '/subscriptions/s/resourceGroups/g/providers/ns/type',
      '/subscriptions/s/resourceGroups/g/machines/m',
    ])
      assert.throws(() => parseArmId(bad), UserError, bad)
  })
})

test('says a resource in words', () => {
  const at = ['dev', 'taxi', '3']
  assert.equal(inWords('workspaces/models/versions', at), "version '3' of model 'taxi' of workspace 'dev'")
  assert.equal(inWords('workspaces/onlineEndpoints', at), "online endpoint 'taxi' of workspace 'dev'")
  assert.equal(inWords('workspaces/data', at), "data 'taxi' of workspace 'dev'")
  assert.equal(inWords('registries', at), "registry 'dev'")
})
