import { Button } from '@mantine/core'
import { IconBox, IconDatabase, IconFile, IconPlayerPlay, IconPlugConnected } from './icons.ts'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lineageQuery, type LineageNode } from '../api/lineage.ts'
import { pathOf } from '../frame/paths.ts'
import { useSearchWord } from '../frame/search.ts'
import { useWorkspace } from '../frame/workspace.ts'
import { shortened } from '../words/names.ts'
import { Graph } from './graph/graph.tsx'
import { around, withoutPlaces } from './lineage-graph.ts'
import { Panel } from './panel.tsx'
import { Answer, Empty } from './states.tsx'
import style from './lineage.module.css'

/** A picture of more things than these is not read by people: the nearest are drawn, and all if somebody asks. */
const mostDrawn = 100

const looks: readonly { readonly type: RegExp; readonly word: string; readonly Icon: typeof IconBox }[] = [
  { type: /\/data/, word: 'data', Icon: IconDatabase },
  { type: /jobs$/, word: 'job', Icon: IconPlayerPlay },
  { type: /models/, word: 'model', Icon: IconBox },
  { type: /deployments$/, word: 'deployment', Icon: IconPlugConnected },
  { type: /ndpoints$/, word: 'endpoint', Icon: IconPlugConnected },
]

const titleOf = ({ displayName, name, version, endpoint }: LineageNode) =>
  version === undefined
    ? endpoint === undefined
      ? (displayName ?? name)
      : `${endpoint}/${name}`
    : `${name}:${version}`

/** What a thing came of and what came of it, as a picture. */
export function Lineage({ id }: { readonly id: string }) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const query = useQuery(lineageQuery(id))
  const [all, setAll] = useSearchWord('lineage')
  return (
    <Panel
      title="Lineage"
      subtitle={
        query.data?.truncated === true
          ? 'the nearest 500; there is more'
          : 'what it came of, and what came of it'
      }
      flush
    >
      <Answer query={query} rows={10}>
        {(answer) => {
          const whole = withoutPlaces(answer)
          const isLarge = whole.nodes.length > mostDrawn && all === ''
          const { nodes, edges } = isLarge ? around(whole, id, mostDrawn) : whole
          if (edges.length === 0)
            return (
              <Empty title="Nothing is known of where it came from">
                What jobs read and write is recorded by itself.
              </Empty>
            )
          const drawn = nodes.map((node) => {
            const { word, Icon } = looks.find(({ type }) => type.test(node.type)) ?? {
              word: 'place',
              Icon: IconFile,
            }
            const to = pathOf(workspace.key, node.id)
            const title = titleOf(node)
            return {
              id: node.id,
              label: `${word} ${title}`,
              isChosen: node.id.toLowerCase() === id.toLowerCase(),
              onOpen: to === undefined ? undefined : () => void navigate({ to: to as '/' }),
              content: (
                <>
                  <Icon size={18} stroke={1.75} aria-hidden style={{ flex: 'none' }} />
                  <span className={style.name} title={title}>
                    <strong>{shortened(title, 26)}</strong>
                    <span>{word}</span>
                  </span>
                </>
              ),
            }
          })
          return (
            <>
              {whole.nodes.length <= mostDrawn ? null : (
                <p className={style.note}>
                  {isLarge
                    ? `The ${nodes.length} nearest of ${whole.nodes.length}: more than these are hard to read. `
                    : `All ${whole.nodes.length}. `}
                  <Button variant="default" size="compact-xs" onClick={() => setAll(isLarge ? 'yes' : '')}>
                    {isLarge ? 'Draw all' : 'Draw the nearest'}
                  </Button>
                </p>
              )}
              <Graph nodes={drawn} edges={edges} label="Lineage" height={640} />
            </>
          )
        }}
      </Answer>
    </Panel>
  )
}
