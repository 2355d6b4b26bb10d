import { homedir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/**
 * Everything that can be set about a server, from flags and `TWINLOOP_*` variables. One schema; all problems are
 * printed at once.
 */
const schema = z.object({
  /** Folder of the store, the artifacts and the jobs' working folders. */
  home: z
    .string()
    .default(join(homedir(), '.twinloop'))
    .transform((path) => resolve(path)),
  /** Address to listen on. Anything but loopback serves HTTPS only. */
  host: z.string().default('127.0.0.1'),
  /** Plain HTTP on loopback; 0 takes a free one. */
  port: z.coerce.number().int().min(0).max(65535).default(7077),
  /** HTTPS with the server's own certificate authority; 0 takes a free one. */
  httpsPort: z.coerce.number().int().min(0).max(65535).default(7443),
  /** The scoring gateway; 0 takes a free one. */
  gatewayPort: z.coerce.number().int().min(0).max(65535).default(7078),
  /** Where the first workspace is: subscription, resource group and its name, as ids have them. */
  subscription: z.uuid().default('00000000-0000-0000-0000-000000000001'),
  resourceGroup: z.string().min(1).default('twinloop'),
  workspace: z.string().min(1).default('dev'),
  location: z.string().min(1).default('local'),
  /** Folders, separated by `:`, below which local-folder datastores may lie. None by default. */
  dataRoots: z
    .string()
    .default('')
    .transform((paths) =>
      paths
        .split(':')
        .filter((path) => path !== '')
        .map((path) => resolve(path)),
    ),
  /** How much of the data of remote stores is kept on this machine to be read again, in bytes; what was used last stays. */
  cacheBytes: z.coerce
    .number()
    .int()
    .min(0)
    .default(10 * 1024 ** 3),
  /** Address that people reach this server at from elsewhere, for links in mails; default: its own on this machine. */
  publicUrl: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .default('')
    .transform((url) => url.replace(/\/+$/, '')),
  /** The server that takes mails: `smtp://user:password@host:587` (STARTTLS) or `smtps://…`. None by default. */
  smtpUrl: z.union([z.literal(''), z.url({ protocol: /^smtps?$/ })]).default(''),
  /** In whose name mails are sent, e.g. `Twinloop <twinloop@example.org>`. */
  mailFrom: z.string().default(''),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** Largest body that the control plane reads into memory, in bytes (uploads of artifacts stream and are not bound by it). */
  maxBodyBytes: z.coerce
    .number()
    .int()
    .positive()
    .default(32 * 1024 * 1024),
  /** Memory that one question about data may take before it spills to disk, in bytes. */
  analyticsMemoryBytes: z.coerce
    .number()
    .int()
    .min(128 * 2 ** 20)
    .default(() => Math.floor(Math.min(Math.max(totalmem() / 8, 512 * 2 ** 20), 4 * 2 ** 30))),
  /** Rows that an import keeps on the disk at once, in bytes; about a quarter of that is the size of its files. */
  importPartBytes: z.coerce
    .number()
    .int()
    .min(2 ** 16)
    .default(128 * 2 ** 20),
  /** An OpenTelemetry collector that measurements are sent to by OTLP/HTTP, e.g. `http://127.0.0.1:4318`. None by default. */
  otlpUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  /** Headers for it, `key=value,key=value` with values percent-encoded. */
  otlpHeaders: z
    .string()
    .refine(
      (text) => text.split(',').every((pair) => pair === '' || /^[^=]+=/.test(pair)),
      'is not key=value,…',
    )
    .default(''),
  /** How often machine, server, jobs and endpoints are measured, in seconds. */
  measureEverySeconds: z.coerce.number().min(1).max(60).default(15),
  /**
   * How long an incident that is over is kept, with what was done about it, and a proposed change that was decided, in days
   * since anything happened to it; 0: for ever.
   */
  incidentsKeptDays: z.coerce.number().int().min(0).default(400),
  /**
   * How long after labels have come the windows of their requests are judged again, in seconds: those that come meanwhile are
   * judged along with them.
   */
  judgeLabelsAfterSeconds: z.coerce.number().min(0).default(300),
  /** Questions about data that run at once; the others wait. */
  analyticsSessions: z.coerce.number().int().min(1).default(2),
})

export type Config = z.infer<typeof schema>

/** Reads the configuration from `TWINLOOP_*` variables and overrides; throws one message with every problem. */
export function readConfig(
  env: NodeJS.ProcessEnv,
  overrides: Readonly<Record<string, unknown>> = {},
): Config {
  const fromEnv = Object.fromEntries(
    Object.keys(schema.shape)
      .map((name) => [name, env[variable(name)] ?? env[common[name] ?? '']] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  )
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined))
  const result = schema.safeParse({ ...fromEnv, ...given })
  if (result.success) return result.data
  const lines = result.error.issues.map((i) => `  ${variable(String(i.path[0]))}: ${i.message}`)
  throw new Error(`The configuration has ${lines.length} problem(s):\n${lines.join('\n')}`)
}

/** Variables that other programs understand, too. */
const common: Readonly<Record<string, string>> = {
  otlpUrl: 'OTEL_EXPORTER_OTLP_ENDPOINT',
  otlpHeaders: 'OTEL_EXPORTER_OTLP_HEADERS',
}

/** `httpsPort` is set by `TWINLOOP_HTTPS_PORT`. */
const variable = (name: string) => `TWINLOOP_${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`
