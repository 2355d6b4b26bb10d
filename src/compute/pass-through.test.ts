import assert from 'node:assert/strict'
import { test } from 'node:test'
import { machineVariables, networkVariables } from './pass-through.ts'

test('passes on how the network is reached, and nothing that could be a secret of the server', () => {
  const network = { HTTPS_PROXY: 'p', no_proxy: 'n', SSL_CERT_FILE: 'c', PIP_INDEX_URL: 'i', UV_INDEX: 'u' }
  const machine = { PATH: '/bin', HOME: '/root', LC_ALL: 'C' }
  const own = {
    TWINLOOP_TOKEN: 't',
    NODE_OPTIONS: 'o',
    AWS_SECRET_ACCESS_KEY: 's',
    PYTHONPATH: 'p',
    MY_PIP_X: 'x',
  }
  assert.deepEqual(networkVariables({ ...own, ...machine, ...network }), network)
  assert.deepEqual(machineVariables({ ...own, ...machine, ...network }), { ...machine, ...network })
})
