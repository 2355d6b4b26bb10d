import { Failure } from '../../../failure.ts'

/** The JSON at an address of a CI system's API. A Failure says what it answered instead. */
export async function ask(
  url: string,
  authorization: string,
  signal: AbortSignal,
  missing: string,
): Promise<unknown> {
  const answer = await fetch(url, {
    headers: { authorization, accept: 'application/json', 'user-agent': 'twinloop' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
  }).catch((error: unknown) => {
    throw new Failure(
      `${new URL(url).host} cannot be reached: ${error instanceof Error ? error.message : 'no answer'}`,
    )
  })
  const text = await answer.text()
  if (!answer.ok)
    throw new Failure(`${new URL(url).host} answers ${answer.status}: ${text.slice(0, 300)}`, {
      hint: missing,
    })
  return JSON.parse(text) as unknown
}

/** The value of a variable that CI sets. A Failure says how it comes to be there. */
export function variable(env: NodeJS.ProcessEnv, name: string, hint: string): string {
  const value = env[name]
  if (value === undefined || value === '') throw new Failure(`${name} is not set`, { hint })
  return value
}
