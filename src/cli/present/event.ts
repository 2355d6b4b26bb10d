import type { Json } from '../client/client.ts'
import { frame, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** An event subscription, with where it delivers to in a word. */
export function presentEventSubscription(body: Body): Json {
  const { destination, provisioningState: _, ...rest } = body.properties ?? {}
  const { endpointType, properties = {} } = (destination ?? {}) as {
    readonly endpointType?: string
    readonly properties?: Readonly<Record<string, unknown>>
  }
  const to = properties['connection'] ?? properties['endpointBaseUrl']
  return frame(body, {
    ...(snakeKeys(rest) as Json),
    destination: { endpoint_type: endpointType, to, ...(snakeKeys(properties) as Json) },
  })
}

/** A dead letter: the event in short, and why it could not be delivered. */
export function presentDeadLetter(body: Body): Json {
  const { seq, reason, attempts, event } = body.properties ?? {}
  return { name: body.name, seq, reason, attempts, event }
}
