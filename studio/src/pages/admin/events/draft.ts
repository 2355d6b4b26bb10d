import type { SubscriptionProperties } from '../../../api/admin/platform.ts'

/** A subscription as the form has it: texts, which are empty where nothing is said. */
export interface SubscriptionDraft {
  readonly name: string
  readonly to: 'WebHook' | 'Connection'
  /** Where it is told; of one that is there: what it is to be from now on. */
  readonly url: string
  readonly secret: string
  readonly validate: boolean
  readonly connection: string
  readonly types: readonly string[]
  readonly subject: string
}

/** What the form begins with: of what is there, or of nothing. */
export function draftOf(name: string, properties?: SubscriptionProperties): SubscriptionDraft {
  const { destination, filter } = properties ?? {}
  return {
    name,
    to: destination?.endpointType === 'Connection' ? 'Connection' : 'WebHook',
    url: '',
    secret: '',
    validate: destination?.properties.validate === true,
    connection: destination?.properties.connection ?? '',
    types: filter?.includedEventTypes ?? [],
    subject: filter?.subjectBeginsWith ?? '',
  }
}

/** What a draft lacks, in a sentence; undefined if it can be sent. `before`: what is there already. */
export function lacking(draft: SubscriptionDraft, before?: SubscriptionProperties): string | undefined {
  const { name, to, url, secret, connection } = draft
  if (!/^[a-zA-Z0-9-]{3,64}$/.test(name)) return 'A name has 3 to 64 letters, digits and hyphens.'
  if (to === 'Connection') return connection === '' ? 'Which connection leads there?' : undefined
  const isKept = url === '' && before?.destination.endpointType === 'WebHook'
  if (!isKept && !/^https?:\/\/[^\s/]+/.test(url)) return 'The address begins with https:// or http://.'
  return secret !== '' && secret.length < 8 ? 'A secret has 8 characters at least.' : undefined
}

/**
 * What is put: what the form says over what was there, so that what it says nothing of stays (retries, further filters). An
 * address or a secret that is not typed is kept by the server.
 */
export function propertiesOf(draft: SubscriptionDraft, before?: SubscriptionProperties) {
  const { to, url, secret, validate, connection, types, subject } = draft
  const {
    destination,
    filter = {},
    eventDeliverySchema,
    retryPolicy,
    expirationTimeUtc,
    description,
  } = before ?? ({} as Partial<SubscriptionProperties>)
  const same = destination?.endpointType === to ? destination.properties : {}
  return {
    ...defined({ description, eventDeliverySchema, retryPolicy, expirationTimeUtc }),
    destination: {
      endpointType: to,
      properties:
        to === 'Connection'
          ? { ...same, connection }
          : {
              ...same,
              ...defined({ endpointUrl: url || undefined, secret: secret || undefined }),
              validate,
            },
    },
    filter: {
      ...filter,
      includedEventTypes: types.length === 0 ? null : types,
      subjectBeginsWith: subject === '' ? null : subject,
    },
  }
}

const defined = (words: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined))

/** A fresh secret as Standard Webhooks writes them: 24 random bytes. */
export const freshSecret = (bytes: Uint8Array): string => `whsec_${btoa(String.fromCharCode(...bytes))}`
