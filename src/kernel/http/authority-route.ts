import { Hono } from 'hono'
import type { Frame } from '../rest/arm.ts'
import type { Authority } from '../tls/authority.ts'

/** `GET /ca.pem`: the certificate to trust, open to everybody, for machines that cannot read the home folder. */
export function authorityRoute(authority: Authority): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/ca.pem', (context) =>
    context.text(authority.certificate, 200, { 'Content-Type': 'application/pem-certificate-chain' }),
  )
  return app
}
