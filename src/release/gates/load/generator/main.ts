/**
 * Sends a load by its schedule, in a process of its own so that what the server does cannot delay it. Reads an `Order`
 * from standard input, writes a `Report` to standard output; ends when standard input does.
 */
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import type { Order, Report } from './messages.ts'

/** Answers longer than this are kept cut: they are compared, not shown. */
const longestAnswer = 1 << 20
/** How long before the first request, so that it is on time. */
const leadMs = 100

const lines = createInterface({ input: process.stdin })
lines.once('line', (line) => void send(JSON.parse(line) as Order).then(report))
// Whoever asked has gone, and wants no answer any more.
lines.once('close', () => process.exit())

function report(found: Report): void {
  process.stdout.write(JSON.stringify(found), () => process.exit())
}

async function send(order: Order): Promise<Report> {
  const { due } = order
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  const sent: (number | null)[] = due.map(() => null)
  const answered: (number | null)[] = due.map(() => null)
  const status: number[] = due.map(() => 0)
  const answers: Record<string, string> = {}
  const problems: Record<string, number> = {}
  const blame = (problem: string) => (problems[problem] = (problems[problem] ?? 0) + 1)
  const began = performance.now() + leadMs
  let open = 0

  const shoot = (i: number, arm: string, body: number) =>
    new Promise<void>((resolve) => {
      const text = order.bodies[body] ?? ''
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...order.headers,
        ...order.arms[arm],
      }
      const first = `${arm}/${body}`
      const keeps = !(first in answers)
      if (keeps) answers[first] = ''
      const done = (problem?: string) => {
        clearTimeout(timer)
        if (problem !== undefined) blame(problem)
        resolve()
      }
      const sending = request(order.url, { method: 'POST', agent, headers }, (response) => {
        const chunks: string[] = []
        let length = 0
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          if (keeps && length < longestAnswer) chunks.push(chunk)
          length += chunk.length
        })
        response.once('error', (error) => done(error.message))
        response.once('end', () => {
          answered[i] = performance.now() - began
          status[i] = response.statusCode ?? 0
          const isFine = status[i] === 200
          if (keeps) {
            if (isFine) answers[first] = chunks.join('')
            else delete answers[first]
          }
          const reason = response.headers['ms-azureml-model-error-reason']
          done(isFine ? undefined : `${status[i]}${reason === undefined ? '' : ` ${String(reason)}`}`)
        })
      })
      const timer = setTimeout(() => {
        sending.destroy(new Error(`no answer within ${order.timeoutMs} ms`))
      }, order.timeoutMs)
      sending.once('error', (error) => {
        if (answers[first] === '') delete answers[first]
        done(error.message)
      })
      sent[i] = performance.now() - began
      sending.end(text)
    })

  const under = new Set<Promise<void>>()
  let next = 0
  await new Promise<void>((resolve) => {
    const tick = () => {
      const now = performance.now() - began
      for (; next < due.length; next++) {
        const [at, arm, body] = due[next] ?? [0, '', 0]
        if (at > now) break
        if (open >= order.mostOpen) {
          blame('not sent: too many were under way')
          continue
        }
        open += 1
        const shot = shoot(next, arm, body).finally(() => {
          open -= 1
          under.delete(shot)
        })
        under.add(shot)
      }
      if (next < due.length)
        setTimeout(tick, Math.max(0, (due[next]?.[0] ?? 0) - (performance.now() - began)))
      else resolve()
    }
    tick()
  })
  await Promise.all(under)
  agent.destroy()
  return { sent, answered, status, answers, problems }
}
