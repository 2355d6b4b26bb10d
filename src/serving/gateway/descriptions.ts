import { failures } from './requests/failures.ts'
import type { Exchange } from './requests/exchange.ts'
import type { Description } from './requests/paths.ts'
import { type Chosen, type Endpoint, serves } from './traffic/endpoint.ts'

/** What anybody may ask, as probes do: whether there is something that answers. */
export const isOpen = ({ kind }: Description): boolean => ['root', 'ping', 'live', 'ready'].includes(kind)

/** Answers what an endpoint says of itself: health, versions, metadata, its OpenAPI document at `base`. */
export function describe(exchange: Exchange, endpoint: Endpoint, resource: Description, base: string): void {
  const { method, headers } = exchange.request
  if (method !== 'GET' && method !== 'HEAD') return exchange.fail(failures.methodNotAllowed('GET'))
  const forced = headers['azureml-model-deployment']
  const choice = typeof forced === 'string' ? forced : endpoint.heaviest()
  switch (resource.kind) {
    case 'root':
      return exchange.text('Healthy')
    case 'live':
      return exchange.json(200, { live: true })
    // The protocol's prose calls this field live, its OpenAPI document ready.
    case 'ready': {
      const ready = endpoint.ready()
      return exchange.json(ready ? 200 : 503, { ready, live: ready })
    }
    case 'ping':
      return endpoint.ready() ? exchange.text('\n') : exchange.fail(failures.unready())
    case 'v2':
      return exchange.json(200, { name: 'twinloop', version: '1', extensions: [] })
    default:
      break
  }
  const chosen = endpoint.choose('model' in resource ? { model: asked(resource) } : { forced: choice ?? '' })
  if (!('pool' in chosen)) return exchange.fail(chosen)
  exchange.deployment = chosen.deployment
  ofDeployment(exchange, chosen, resource, base)
}

const asked = ({ model, version }: { model: string; version?: string | undefined }) => ({
  name: model,
  version,
})

function ofDeployment(exchange: Exchange, { pool }: Chosen, resource: Description, base: string): void {
  const { metadata, openapi, mlflowVersion } = pool.route
  if (resource.kind === 'swagger') return exchange.json(200, { ...openapi, servers: [{ url: base }] })
  if (resource.kind === 'model') return exchange.json(200, metadata)
  if (resource.kind === 'model-ready') {
    const ready = serves(pool)
    return exchange.json(ready ? 200 : 503, { name: metadata.name, ready })
  }
  return mlflowVersion === undefined ? exchange.fail(failures.noMlflow()) : exchange.text(mlflowVersion)
}
