import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { tenantId } from '../../kernel/tls/trust.ts'
import { lifetimeSeconds, type AccessTokens } from './access-tokens.ts'

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const largestForm = bodyLimit({
  maxSize: 64 * 1024,
  onError: () => {
    throw errors.tooLarge('A token request is a form of at most 64 KiB.')
  },
})

/**
 * OAuth 2 for programs, as Microsoft's identity platform speaks it: discovery, the token endpoint (client credentials,
 * RFC 6749 section 4.4) and the keys to verify tokens by. Open to everybody: who they are is what they ask.
 */
export function tokenRoutes(platform: Platform, tokens: AccessTokens): Hono<Frame> {
  const app = new Hono<Frame>()
  for (const path of [
    '/:tenant/v2.0/.well-known/openid-configuration',
    '/:tenant/.well-known/openid-configuration',
  ])
    app.get(path, (context) => context.json(discovery(context)))
  app.get('/common/discovery/instance', (context) => context.json(instances(context)))
  app.get('/:tenant/discovery/v2.0/keys', async (context) => context.json(await tokens.keys()))
  app.post('/:tenant/oauth2/v2.0/token', largestForm, async (context) => {
    context.header('Cache-Control', 'no-store')
    const form = (await context.req.parseBody()) as Readonly<Record<string, unknown>>
    const read = (name: string) => (typeof form[name] === 'string' ? form[name] : '')
    const basic = basicCredentials(context.req.header('authorization'))
    const [clientId, clientSecret] = basic ?? [read('client_id'), read('client_secret')]
    const grant = read('grant_type')
    if (grant !== 'client_credentials') return refuse(context, refusals.grant(grant))
    if (clientId === '' || clientSecret === '') return refuse(context, refusals.noCredentials())
    const audience = audienceOf(read('scope'))
    if (audience === undefined) return refuse(context, refusals.scope(read('scope')))
    const asked = context.req.param('tenant')
    const tenant = guid.test(asked) ? asked.toLowerCase() : tenantId
    const issuer = issuerOf(context)
    const token = await tokens.issue({ clientId, clientSecret, tenant, audience, issuer })
    if (token === undefined) {
      platform.log.warn('client credentials refused', { clientId: clientId.slice(0, 64) })
      return refuse(context, refusals.credentials(clientId))
    }
    return context.json({
      token_type: 'Bearer',
      expires_in: lifetimeSeconds,
      ext_expires_in: lifetimeSeconds,
      access_token: token,
    })
  })
  return app
}

const issuerOf = (context: Context) =>
  `${new URL(context.req.url).origin}/${context.req.param('tenant') ?? tenantId}/v2.0`

function discovery(context: Context) {
  const base = `${new URL(context.req.url).origin}/${context.req.param('tenant')}`
  return {
    issuer: issuerOf(context),
    // Clients read this one before anything else, though people do not sign in here.
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    grant_types_supported: ['client_credentials'],
    response_types_supported: ['token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['.default'],
  }
}

/** What MSAL asks to know whether an authority is one: this server vouches for itself. */
function instances(context: Context) {
  const { host, origin } = new URL(context.req.url)
  return {
    'api-version': '1.1',
    tenant_discovery_endpoint: `${origin}/${tenantId}/v2.0/.well-known/openid-configuration`,
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  }
}

/** `https://host:port/.default` asks for a token to `https://host:port`; every audience is this server. */
function audienceOf(scope: string): string | undefined {
  const resource = scope.split(/\s+/).find((s) => s.endsWith('/.default'))
  return resource?.slice(0, -'/.default'.length)
}

/** Client id and secret of RFC 6749 section 2.3.1: percent-encoded, then Basic. */
function basicCredentials(header: string | undefined): [string, string] | undefined {
  const encoded = /^basic\s+(\S+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 2)
  try {
    return [decodeURIComponent(id), decodeURIComponent(secret)]
  } catch {
    return ['', '']
  }
}

interface Refusal {
  readonly status: ContentfulStatusCode
  readonly error: string
  /** Number of Microsoft's code for the same failure, which clients show. */
  readonly code: number
  readonly why: string
}

const refusals = {
  grant: (given: string): Refusal => ({
    status: 400,
    error: 'unsupported_grant_type',
    code: 70003,
    why: `The grant_type '${given}' is not known here; programs use 'client_credentials'.`,
  }),
  noCredentials: (): Refusal => ({
    status: 401,
    error: 'invalid_client',
    code: 7000216,
    why: 'client_id and client_secret are both needed, in the form or as Basic credentials.',
  }),
  scope: (given: string): Refusal => ({
    status: 400,
    error: 'invalid_scope',
    code: 1002012,
    why: `The scope '${given}' does not end in '/.default', as client credentials want it.`,
  }),
  credentials: (clientId: string): Refusal => ({
    status: 401,
    error: 'invalid_client',
    code: 7000215,
    why:
      `The client '${clientId}' is not known here, is disabled, or the secret is not one of its own or is over. ` +
      'client_id is the appId of a service principal.',
  }),
}

function refuse(context: Context<Frame>, { status, error, code, why }: Refusal) {
  if (status === 401) context.header('WWW-Authenticate', 'Basic realm="twinloop"')
  return context.json(
    {
      error,
      error_description: `AADSTS${code}: ${why}`,
      error_codes: [code],
      correlation_id: context.var.requestId,
    },
    status,
  )
}
