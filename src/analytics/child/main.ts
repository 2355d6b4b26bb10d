import type { Answers, Order, Reply, Request } from '../messages.ts'
import { openDatabase, type Database } from './database.ts'
import { failureOf } from './failure.ts'

// The child in which DuckDB runs. It does what the server asks, one thing after another, and ends with the server.

let database: Database | undefined
let last: Promise<void> = Promise.resolve()

function opened(): Database {
  if (database === undefined) throw new Error('no session is open')
  return database
}

async function obey(order: Order): Promise<Answers[Order['do']]> {
  switch (order.do) {
    case 'open':
      database = await openDatabase(order.settings)
      return undefined
    case 'run':
      await opened().run(order.sql, order.values)
      return undefined
    case 'all':
      return opened().all(order.sql, order.values)
    case 'select':
      return opened().select(order.sql, order.limit)
    case 'stream':
      return opened().stream(order.sql, order.values)
    case 'next':
      return opened().next(order.stream)
    case 'end':
      opened().end(order.stream)
      return undefined
    case 'append':
      await opened().append(order.table, order.rows)
      return undefined
    case 'tablesIn':
      return opened().tablesIn(order.sql)
    case 'histograms':
      return opened().histograms(order.sql, order.options)
    case 'close':
      database?.close()
      database = undefined
      return undefined
  }
}

async function serve({ id, ...order }: Request): Promise<void> {
  let reply: Reply
  try {
    reply = { id, answer: await obey(order) }
  } catch (error) {
    const { kind, message } = failureOf(error)
    reply = { id, failed: { kind, message } }
  }
  process.send?.(reply)
}

process.on('message', (request: Request) => {
  last = last.then(() => serve(request))
})
process.on('disconnect', () => process.exit())
