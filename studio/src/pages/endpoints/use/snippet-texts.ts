import type { Endpoint } from '../../../api/endpoints.ts'

export type SnippetLanguage = 'curl' | 'python' | 'javascript' | 'azure'

/** Programs that ask an endpoint, complete but for the request's content. No secret is in them: they fetch it. */
export function snippets({
  name,
  properties,
}: Endpoint): Readonly<Record<SnippetLanguage, { readonly text: string }>> {
  const uri = properties.scoringUri ?? ''
  const query = properties.authMode === 'Key' ? 'primaryKey' : 'accessToken'
  const credential = `twinloop online-endpoint get-credentials --name ${name} --query ${query} -o tsv`
  return {
    curl: {
      text: `curl ${uri} \\
  -H "Authorization: Bearer $(${credential})" \\
  -H 'Content-Type: application/json' \\
  -d @request.json`,
    },
    python: {
      text: `import json, subprocess, urllib.request

key = subprocess.check_output(
    ${JSON.stringify(credential.split(' '))}, text=True
).strip()
rows = [{}]  # one object for each row: column name to value

request = urllib.request.Request(
    "${uri}",
    data=json.dumps({"input_data": rows}).encode(),
    headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
)
with urllib.request.urlopen(request) as answer:
    print(json.load(answer))`,
    },
    javascript: {
      text: `const key = process.env.SCORING_KEY // ${credential}
const rows = [{}] // one object for each row: column name to value

const answer = await fetch('${uri}', {
  method: 'POST',
  headers: { Authorization: \`Bearer \${key}\`, 'Content-Type': 'application/json' },
  body: JSON.stringify({ input_data: rows }),
})
if (!answer.ok) throw new Error(\`\${answer.status}: \${await answer.text()}\`)
console.log(await answer.json())`,
    },
    azure: {
      text: `from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential

client = MLClient.from_config(DefaultAzureCredential())  # eval "$(twinloop env)" tells where
print(client.online_endpoints.invoke("${name}", request_file="request.json"))`,
    },
  }
}
