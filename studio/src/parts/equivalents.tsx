import { ActionIcon, Drawer, Tabs, Tooltip } from '@mantine/core'
import { IconTerminal2 } from './icons.ts'
import { Suspense, useState } from 'react'
import { addressOf } from '../api/call.ts'
import type { Resource } from '../api/resource.ts'
import { Code } from './code/code.tsx'
import { Command } from './copy.tsx'
import { Loading } from './states.tsx'
import { useYaml, type YamlKind } from './yaml.ts'

/** The same as what a page shows, for terminals and programs. */
export interface Equivalent {
  readonly cli: readonly { readonly what: string; readonly command: string }[]
  readonly rest: readonly {
    readonly method: string
    readonly path: string
    readonly query?: Readonly<Record<string, string>>
  }[]
  readonly resource?: Resource<unknown> | undefined
  readonly kind?: YamlKind
}

/** The button that opens it: on every page, in the same place. */
export function Equivalents(equivalent: Equivalent) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Tooltip label="As command, YAML and REST">
        <ActionIcon
          variant="default"
          size={30}
          onClick={() => setOpen(true)}
          aria-label="As command, YAML and REST"
        >
          <IconTerminal2 size={16} />
        </ActionIcon>
      </Tooltip>
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        position="right"
        size="lg"
        title="The same elsewhere"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {isOpen ? <Contents {...equivalent} /> : null}
      </Drawer>
    </>
  )
}

function Contents({ cli, rest, resource, kind }: Equivalent) {
  return (
    <Tabs defaultValue="cli" keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="cli">Command line</Tabs.Tab>
        {resource === undefined ? null : <Tabs.Tab value="yaml">YAML</Tabs.Tab>}
        <Tabs.Tab value="rest">REST</Tabs.Tab>
        {resource === undefined ? null : <Tabs.Tab value="json">JSON</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="cli" style={{ display: 'grid', gap: 12 }}>
        {cli.map(({ what, command }) => (
          <div key={command}>
            <p className="muted">{what}</p>
            <Command text={command} />
          </div>
        ))}
      </Tabs.Panel>
      <Tabs.Panel value="rest" style={{ display: 'grid', gap: 12 }}>
        {rest.map(({ method, path, query }) => (
          <Command key={path} text={curl(method, path, query)} />
        ))}
        <p className="muted">
          <code>eval "$(twinloop env)"</code> sets the token for other clients; <code>az ml</code> and
          azure-ai-ml read the same resources.
        </p>
      </Tabs.Panel>
      {resource === undefined ? null : (
        <>
          <Tabs.Panel value="yaml">
            <Suspense fallback={<Loading />}>
              <Yaml resource={resource} kind={kind} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="json">
            <Code text={JSON.stringify(resource, null, 2)} language="json" />
          </Tabs.Panel>
        </>
      )}
    </Tabs>
  )
}

function Yaml({
  resource,
  kind,
}: {
  readonly resource: Resource<unknown>
  readonly kind: YamlKind | undefined
}) {
  const text = useYaml(resource, kind)
  return text === undefined ? <Loading rows={10} /> : <Code text={text} language="yaml" />
}

const curl = (method: string, path: string, query?: Readonly<Record<string, string>>) =>
  `curl ${method === 'GET' ? '' : `-X ${method} `}-H "Authorization: Bearer $(cat "$TWINLOOP_HOME/token")" \\\n  '${globalThis.location.origin}${addressOf(path, query)}'`
