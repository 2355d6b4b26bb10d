/** How the network is reached: proxies, certificates, package indexes. */
const network = [
  /^(?:SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GIT_SSL_CAINFO|GIT_SSL_CAPATH|NODE_EXTRA_CA_CERTS|NETRC)$/,
  /^(?:https?|ftp|no|all)_proxy$/i,
  /^(?:PIP|UV)_\w+$/,
]

/** Whose machine it is, and where programs are. */
const surroundings = [/^(?:PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|TERM|SHELL|LD_LIBRARY_PATH|XDG_\w+)$/]

type Variables = Readonly<Record<string, string>>

/** What every process gets of the server's environment, because without it it may not reach the network at all. */
export const networkVariables = (env: NodeJS.ProcessEnv): Variables => pick(env, network)

/** What a program of a user's gets of the server's environment: the machine and the network, and none of its secrets. */
export const machineVariables = (env: NodeJS.ProcessEnv): Variables =>
  pick(env, [...surroundings, ...network])

const pick = (env: NodeJS.ProcessEnv, passed: readonly RegExp[]): Variables =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && passed.some((pattern) => pattern.test(name)) ? [[name, value] as const] : [],
    ),
  )
