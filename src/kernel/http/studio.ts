import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { Hono, type Context } from 'hono'
import { html } from 'hono/html'
import type { Frame } from '../rest/arm.ts'
import { page } from './page.ts'

/** Where `npm run build` leaves Studio: beside the sources and beside what is made of them alike. */
export const studioFolder = join(import.meta.dirname, '../../../dist/studio')

/** Studio's own pages; all other paths belong to protocols, and a wrong one there must stay an error. */
const pages = ['/', '/sign-in', '/w', '/w/*'] as const

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

/** Nothing from elsewhere; styles may be inline because charts and editors make them as they go. */
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

/**
 * Studio, the web interface: one document for all of its pages and the files that it asks for, whose names have the hash
 * of their content. Whoever is signed in or not may read them: what there is to see comes from the REST API.
 */
export function studioRoutes(folder: string = studioFolder): Hono<Frame> {
  const app = new Hono<Frame>()
  const encoded = new Map<string, Encoded>()
  const fileOf = (name: string): Encoded | undefined => {
    const known = encoded.get(name)
    if (known !== undefined) return known
    const bytes = read(join(folder, name))
    if (bytes === undefined) return undefined
    const made = encode(bytes)
    encoded.set(name, made)
    return made
  }

  for (const path of pages)
    app.get(path, (context) => {
      const document = read(join(folder, 'index.html'))
      context.header('Cache-Control', 'no-cache')
      if (document === undefined) return context.html(notBuilt(), 503)
      context.header('Content-Security-Policy', policy)
      context.header('Referrer-Policy', 'same-origin')
      return context.html(document.toString('utf8'))
    })
  app.get('/assets/:file{[\\w.-]+\\.(?:js|css|svg|woff2)}', (context, next) => {
    const name = context.req.param('file')
    const file = fileOf(join('assets', name))
    if (file === undefined) return next()
    context.header('Cache-Control', 'public, max-age=31536000, immutable')
    return answer(context, file, types[name.slice(name.lastIndexOf('.') + 1)] ?? '')
  })
  app.get('/favicon.svg', (context, next) => {
    const file = fileOf('favicon.svg')
    if (file === undefined) return next()
    context.header('Cache-Control', 'public, max-age=86400')
    return answer(context, file, types['svg'] ?? '')
  })
  return app
}

interface Encoded {
  readonly identity: Buffer<ArrayBuffer>
  readonly gzip: Buffer<ArrayBuffer>
  readonly br: Buffer<ArrayBuffer>
}

/** Compressed once, when it is first asked for. */
const encode = (identity: Buffer<ArrayBuffer>): Encoded => ({
  identity,
  gzip: gzipSync(identity),
  br: brotliCompressSync(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
})

function answer(context: Context<Frame>, file: Encoded, type: string): Response {
  const accepted = context.req.header('accept-encoding') ?? ''
  const encoding = (['br', 'gzip'] as const).find((one) => accepted.includes(one))
  context.header('Content-Type', type)
  context.header('Vary', 'Accept-Encoding')
  if (encoding !== undefined) context.header('Content-Encoding', encoding)
  return context.body(file[encoding ?? 'identity'])
}

function read(path: string): Buffer<ArrayBuffer> | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw error
  }
}

const notBuilt = () =>
  page(
    'Studio is not built',
    html`<p>
      The server is up; only its pages are missing. <code>npm run build:studio</code> makes them in a few
      seconds, then reload.
    </p>`,
  )
