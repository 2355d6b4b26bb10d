import type { Client, Json } from '../../client/client.ts'
import { inRegistry, registryFlag } from '../../client/registry.ts'
import { RemoteFailure } from '../../client/remote-failure.ts'
import { usage } from '../../failure.ts'
import { textOf } from '../../present/present.ts'
import type { Body } from '../../present/present.ts'
import { parseChange } from '../../yaml/change.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { encode, labelFlag, nameFlag, setFlag, versionFlag, versionOf } from '../verbs.ts'
import type { Noun } from '../verbs.ts'

/**
 * Puts an asset under its version; without one, under the next there is. Two clients that ask for the next at once get
 * one each.
 */
export async function putVersion(
  client: Client,
  noun: Noun,
  asset: { readonly name: string | undefined; readonly version: string | undefined },
  body: Json,
): Promise<Json> {
  const name = asset.name
  if (name === undefined)
    throw usage(`this ${noun.title} has no name`, 'add name: to the file, or --name NAME')
  const path = (version: string) => `/${noun.type}/${encode(name)}/versions/${encode(version)}`
  if (asset.version !== undefined) return noun.present(await client.put<Body>(path(asset.version), body))
  for (;;) {
    const container = await client.find<Body>(`/${noun.type}/${encode(name)}`)
    const version = textOf(container?.properties?.['nextVersion']) || '1'
    try {
      return noun.present(
        (await client.send('PUT', path(version), { body, headers: { 'if-none-match': '*' } })).body as Body,
      )
    } catch (error) {
      const taken = error instanceof RemoteFailure && (error.status === 409 || error.status === 412)
      if (!taken) throw error
    }
  }
}

/** `update --set`: the fields of an asset's version that may change are its description, tags and the like. */
export function updateVersionCommand(noun: Noun): Command {
  return defineCommand({
    noun: noun.noun,
    verb: 'update',
    summary: `Changes the description, tags or properties of a ${noun.title}'s version.`,
    flags: {
      name: nameFlag,
      version: versionFlag,
      label: labelFlag,
      registryName: registryFlag,
      set: { ...setFlag, required: true },
    },
    examples: [
      `twinloop ${noun.noun} update -n ${noun.example} -v 1 --set tags.stage=candidate description="by hand"`,
    ],
    async run({ flags, client }) {
      const api = await inRegistry(client, flags.registryName)
      const version = flags.version ?? (await versionOf(api, noun, flags.name, flags.label ?? 'latest'))
      const path = `/${noun.type}/${encode(flags.name)}/versions/${encode(version)}`
      const body = await api.get<Body>(path)
      return noun.present(
        await api.put<Body>(path, { properties: changed(body.properties ?? {}, flags.set) }),
      )
    },
  })
}

const changeable = ['description', 'tags', 'properties', 'stage', 'flavors']

/** A body with `--set` changes at their YAML paths, which for these fields are REST's too. */
export function changed(
  properties: Json,
  sets: readonly string[],
  allowed: readonly string[] = changeable,
): Json {
  let result: Json = properties
  for (const { path, value } of sets.map(parseChange)) {
    const [first] = path
    if (!allowed.includes(String(first)))
      throw usage(`--set ${path.join('.')}: only ${allowed.join(', ')} can be changed`)
    result = setAt(result, path, value)
  }
  return result
}

/** A copy with a value at a path, objects made on the way. */
export function setAt(into: unknown, [step, ...rest]: readonly (string | number)[], value: unknown): Json {
  const base = (typeof into === 'object' && into !== null ? into : {}) as Json
  if (step === undefined) return base
  return { ...base, [step]: rest.length === 0 ? value : setAt(base[step], rest, value) }
}
