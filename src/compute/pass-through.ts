/** Variables of the machine that any process needs: where programs are, and how the network is reached. */
const passed = [
  /^(?:PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|TERM|SHELL|LD_LIBRARY_PATH|XDG_\w+)$/,
  /^(?:SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|NETRC)$/,
  /^(?:https?|ftp|no|all)_proxy$/i,
  /^(?:PIP|UV)_\w+$/,
]

/** What a process inherits of the server's own environment: nothing but what `passed` names, above all none of its secrets. */
export function machineVariables(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && passed.some((p) => p.test(name)) ? [[name, value] as const] : [],
    ),
  )
}
