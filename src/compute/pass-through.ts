/**
 * The variables that every process gets from the server's environment, because without them it may not reach the
 * network at all: proxies, certificates, package indexes.
 */
export function networkVariables(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined &&
      /^(\w+_proxy|ssl_cert_(file|dir)|requests_ca_bundle|curl_ca_bundle|pip_\w+|uv_\w+)$/i.test(name)
        ? [[name, value] as const]
        : [],
    ),
  )
}
