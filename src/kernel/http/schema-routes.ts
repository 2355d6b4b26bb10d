import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { errors } from '../errors.ts'
import type { JsonSchema } from '../grammar/json-schema.ts'
import { nearest } from '../nearest.ts'
import type { Frame } from '../rest/arm.ts'

/** The JSON Schemas of the files that people write, by name. */
export interface FileSchemas {
  /** `alert-rule`, `command-job`. */
  readonly names: readonly string[]
  /** What a name stands for: `an alert rule`. */
  readonly titleOf: (name: string) => string | undefined
  /** By any spelling of a name; undefined for one that there is not. */
  readonly schemaNamed: (name: string) => Promise<JsonSchema | undefined>
}

/** So long an editor need not ask again; then it asks whether it is still the same. */
const freshSeconds = 3600

/**
 * `GET /schemas` lists, `GET /schemas/{name}.schema.json` answers the JSON Schema of a kind of file: for editors, which sign
 * in nowhere, so open to everybody. Nothing of what is in a workspace is in them.
 */
export function schemaRoutes({ names, titleOf, schemaNamed }: FileSchemas): Hono<Frame> {
  const app = new Hono<Frame>()
  const made = new Map<string, Promise<Answer | undefined>>()
  const answerTo = (name: string) => {
    const key = name.toLowerCase()
    const known = made.get(key) ?? schemaNamed(name).then((schema) => schema && asAnswer(schema))
    // What is no name is not kept: there are too many of them.
    void known.then((answer) => answer && made.set(key, known)).catch(() => undefined)
    return known
  }
  app.get('/schemas', (context) => {
    const { origin } = new URL(context.req.url)
    return context.json({
      value: names.map((name) => ({
        name,
        title: titleOf(name),
        url: `${origin}/schemas/${name}.schema.json`,
      })),
    })
  })
  app.get('/schemas/:file{[\\w-]{1,64}\\.schema\\.json}', async (context) => {
    const name = context.req.param('file').replace('.schema.json', '')
    const answer = await answerTo(name)
    if (answer === undefined) {
      const near = nearest(name, names)
      throw errors.notFound(
        `There is no schema '${name}'; ${near === undefined ? 'GET /schemas lists them' : `did you mean ${near}?`}`,
      )
    }
    context.header('Access-Control-Allow-Origin', '*')
    context.header('Cache-Control', `public, max-age=${freshSeconds}`)
    context.header('ETag', answer.etag)
    if (context.req.header('if-none-match') === answer.etag) return context.body(null, 304)
    return context.body(answer.text, 200, { 'Content-Type': 'application/schema+json; charset=utf-8' })
  })
  return app
}

interface Answer {
  readonly text: string
  readonly etag: string
}

const asAnswer = (schema: JsonSchema): Answer => {
  const text = JSON.stringify(schema)
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"` }
}
