import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { encodeFrame, frameReader } from './frames.ts'
import type { ScoringResult } from './instance.ts'
import { SocketInstance } from './socket-instance.ts'

test('a socket that takes connections of a process that is ending gets no request', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const taken: Socket[] = []
  const said: string[] = []
  let isEnding = false
  const asked = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    taken.push(socket)
    const read = frameReader(({ meta }) => {
      const { route } = JSON.parse(meta.toString()) as { route: string }
      said.push(isEnding ? `${route} at its end` : route)
      if (isEnding) asked.resolve()
      if (route !== 'live') {
        isEnding = true
        return socket.destroy()
      }
      const reply = { status: 200, contentType: 'text/plain', milliseconds: 0 }
      return isEnding ? undefined : socket.write(Buffer.concat(encodeFrame(reply, Buffer.alloc(0))))
    })
    socket.on('data', read).on('error', () => {})
  }).listen(join(folder, 'i.sock'))
  await once(server, 'listening')
  t.after(() => server.close())

  let changed = Promise.withResolvers<void>()
  const instance = new SocketInstance('i.sock', {
    sockets: folder,
    concurrency: 1,
    onFree: () => changed.resolve(),
  })
  t.after(() => instance.close())
  await changed.promise
  const lost = Promise.withResolvers<ScoringResult>()
  assert.equal(instance.ready(), true)
  const body = Buffer.from('{}')
  const request = { operation: 'score', requestId: '1', contentType: '', body, abandoned: false } as const
  instance.submit({ ...request }, lost.resolve)
  assert.equal(await lost.promise, 'lost')
  await asked.promise
  assert.equal(instance.ready(), false)
  changed = Promise.withResolvers<void>()
  server.close()
  for (const socket of taken) socket.destroy()
  while (instance.up) {
    await changed.promise
    changed = Promise.withResolvers<void>()
  }
  assert.deepEqual(
    said.filter((word) => word.startsWith('score')),
    ['score'],
  )
})
