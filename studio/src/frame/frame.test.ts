import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Found } from '../api/search.ts'
import { readSettings, zoneName } from '../parts/settings.ts'
import { inZone } from '../parts/chart/in-zone.ts'
import { placeOf, titleOf } from './found.ts'

describe('settings', () => {
  test('are read as they were kept, and nonsense is as nothing', () => {
    const usual = { zone: 'local', density: 'compact', keys: true }
    for (const text of [null, '', 'nonsense', '3', 'null', '{"zone":"moon","density":7}'])
      assert.deepEqual(readSettings(text), usual, String(text))
    assert.deepEqual(readSettings('{"zone":"utc","density":"comfortable","keys":false}'), {
      zone: 'utc',
      density: 'comfortable',
      keys: false,
    })
  })
  test('the zone has a name, and stands on every axis of time', () => {
    assert.equal(zoneName('utc'), 'UTC')
    const west = { getTimezoneOffset: () => 210 } as Date
    assert.equal(zoneName('local', west), 'UTC−3:30')
    assert.equal(zoneName('local', { getTimezoneOffset: () => -120 } as Date), 'UTC+2')
    const colours = { series: [], text: '', muted: '#666', line: '', page: '', bad: '' }
    const drawn = inZone({ xAxis: [{ type: 'time' }, { type: 'value' }] }, 'utc', colours) as {
      useUTC: boolean
      xAxis: readonly { name?: string }[]
    }
    assert.equal(drawn.useUTC, true)
    assert.deepEqual(
      drawn.xAxis.map(({ name }) => name),
      ['UTC', undefined],
    )
  })
})

test('what was found has a page, an editor, or neither', () => {
  const place = '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/dev'
  const found = (path: string, type: string, properties: Found['properties'] = {}): Found => ({
    id: `${place}/${path}`,
    name: path.split('/').at(-1) ?? '',
    type,
    properties,
  })
  const ml = 'Microsoft.MachineLearningServices/workspaces'
  assert.equal(placeOf('dev', found('jobs/a b', `${ml}/jobs`)), '/w/dev/jobs/a%20b')
  assert.equal(
    placeOf('dev', found('schedules/m', `${ml}/schedules`, { actionType: 'CreateMonitor' })),
    '/w/dev/monitoring/m',
  )
  assert.match(
    placeOf('dev', found('providers/Twinloop/dataContracts/c', 'Twinloop/dataContracts')) ?? '',
    /make\/data-contract\?id=/,
  )
  assert.equal(placeOf('dev', found('components/c', `${ml}/components`)), '/w/dev/components/c')
  assert.equal(placeOf('dev', found('codes/c', `${ml}/codes`)), undefined)
  assert.equal(titleOf(found('onlineEndpoints/e', `${ml}/onlineEndpoints`)), 'Endpoints')
})
