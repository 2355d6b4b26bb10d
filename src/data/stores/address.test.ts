import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { addressOfConnection, addressOfDatastore, readAzureUrl } from './address.ts'

const resource = (properties: Json) => ({ name: 'x', key: '/x', properties }) as unknown as Resource

describe('the address of a store', () => {
  test('in Azure: by suffix, by host and port, or by a whole URL', () => {
    const serviceUrl = (endpoint?: string, protocol?: string) => {
      const properties = { datastoreType: 'AzureBlob', accountName: 'acme', containerName: 'raw' }
      const address = addressOfDatastore(resource({ ...properties, endpoint, protocol }))
      return address?.kind === 'azure' ? address.serviceUrl : undefined
    }
    assert.equal(serviceUrl(), 'https://acme.blob.core.windows.net')
    assert.equal(serviceUrl('core.usgovcloudapi.net', 'wasbs'), 'https://acme.blob.core.usgovcloudapi.net')
    assert.equal(serviceUrl('127.0.0.1:10000', 'http'), 'http://127.0.0.1:10000/acme')
    assert.equal(serviceUrl('azurite:10000', 'http'), 'http://azurite:10000/acme')
    assert.equal(serviceUrl('http://localhost:10000/acme/'), 'http://localhost:10000/acme')
  })

  test('of a file system of a data lake is that of its Blob endpoint', () => {
    const address = addressOfDatastore(
      resource({ datastoreType: 'AzureDataLakeGen2', accountName: 'acme', filesystem: 'lake' }),
    )
    assert.deepEqual(address, {
      kind: 'azure',
      name: "datastore 'x'",
      account: 'acme',
      serviceUrl: 'https://acme.blob.core.windows.net',
      container: 'lake',
      credentials: { kind: 'datastore', key: '/x' },
    })
    const share = { datastoreType: 'AzureFile', accountName: 'acme', fileShareName: 's' }
    assert.equal(addressOfDatastore(resource(share)), undefined)
  })

  test('of a bucket, in every form in which a connection names one', () => {
    for (const [target, expected] of [
      ['sales', { bucket: 'sales' }],
      ['s3://sales/', { bucket: 'sales' }],
      ['https://sales.s3.eu-central-1.amazonaws.com', { bucket: 'sales', region: 'eu-central-1' }],
      ['https://sales.amazonaws.com', { bucket: 'sales' }],
      ['https://s3.eu-west-1.amazonaws.com/sales', { bucket: 'sales', region: 'eu-west-1' }],
      ['http://minio:9000/sales', { bucket: 'sales', endpoint: 'http://minio:9000' }],
    ] as const) {
      const address = addressOfConnection(resource({ category: 'S3', target }))
      const credentials = { kind: 'connection', key: '/x' }
      assert.deepEqual(address, { kind: 's3', name: "connection 'x'", ...expected, credentials }, target)
    }
    const said = {
      category: 'S3',
      target: 'sales',
      metadata: { endpoint: 'http://minio:9000', region: 'here' },
    }
    const address = addressOfConnection(resource(said))
    assert.deepEqual(address?.kind === 's3' && [address.endpoint, address.region], [
      'http://minio:9000',
      'here',
    ])
    assert.equal(addressOfConnection(resource({ category: 'PostgreSql', target: 'x' })), undefined)
    assert.equal(addressOfConnection(resource({ category: 'S3', target: 'http://minio:9000' })), undefined)
  })

  test('is read from the URLs of Azure, and from no others', () => {
    const place = { serviceUrl: 'https://acme.blob.core.windows.net', account: 'acme', container: 'raw' }
    for (const [url, path] of [
      ['wasbs://raw@acme.blob.core.windows.net/a/b c.csv', 'a/b c.csv'],
      ['abfss://raw@acme.dfs.core.windows.net/a/100%.csv', 'a/100%.csv'],
      ['https://acme.blob.core.windows.net/raw/a/b%20c.csv', 'a/b c.csv'],
      ['https://acme.dfs.core.windows.net/raw/a/100%.csv', 'a/100%.csv'],
      ['https://acme.blob.core.windows.net/raw', ''],
    ] as const)
      assert.deepEqual(readAzureUrl(url), { ...place, path }, url)
    for (const url of ['https://example.org/raw/a', 's3://raw/a', 'wasbs://raw/a', 'https://h:1/acme/raw'])
      assert.equal(readAzureUrl(url), undefined, url)
  })
})
