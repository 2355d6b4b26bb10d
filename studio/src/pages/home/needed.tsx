import { useMutation, useQueryClient } from '@tanstack/react-query'
import { respond } from '../../api/call.ts'
import { pathOf } from '../../frame/paths.ts'
import { useCan, usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../parts/act.tsx'
import { Go } from '../../parts/go.tsx'
import {
  IconActivity,
  IconAlertTriangle,
  IconBell,
  IconCircleCheck,
  IconHandStop,
  IconX,
} from '../../parts/icons.ts'
import { Panel } from '../../parts/panel.tsx'
import { Time, useNow } from '../../parts/time.tsx'
import { needs, type Need, type Situation } from './needs.ts'
import style from './home.module.css'

const looks: Readonly<
  Record<Need['kind'], { readonly Icon: typeof IconX; readonly family: string; readonly word: string }>
> = {
  approval: { Icon: IconHandStop, family: 'attention', word: 'Waits for approval' },
  held: { Icon: IconHandStop, family: 'attention', word: 'Held' },
  action: { Icon: IconHandStop, family: 'attention', word: 'Action asks for a yes' },
  proposal: { Icon: IconHandStop, family: 'attention', word: 'Change asks for a yes' },
  blocked: { Icon: IconX, family: 'bad', word: 'Blocked' },
  incident: { Icon: IconBell, family: 'bad', word: 'Firing' },
  'failed job': { Icon: IconX, family: 'bad', word: 'Job failed' },
  'failed schedule': { Icon: IconX, family: 'bad', word: 'Schedule failed' },
  'failed endpoint': { Icon: IconAlertTriangle, family: 'bad', word: 'Endpoint failed' },
  'silent monitor': { Icon: IconActivity, family: 'attention', word: 'Sees nothing' },
}

/** What waits for people, the oldest first, each with what is done about it. */
export function Needed({ situation }: { readonly situation: Situation | undefined }) {
  const now = useNow(60_000)
  if (situation === undefined)
    return (
      <Panel title="Needs you" flush>
        <p className={style.calm}>…</p>
      </Panel>
    )
  const all = needs(situation, now)
  return (
    <Panel title="Needs you" {...(all.length === 0 ? {} : { subtitle: `${all.length}, oldest first` })} flush>
      {all.length === 0 ? (
        <p className={style.calm}>
          <IconCircleCheck size={18} aria-hidden /> Nothing waits for you.
        </p>
      ) : (
        <ul className={style.needs}>
          {all.map((need) => (
            <Row key={need.key} need={need} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Row({ need }: { readonly need: Need }) {
  const { kind, title, why, since, verb, act } = need
  const { Icon, family, word } = looks[kind]
  const path = usePlace(need)
  return (
    <li>
      <span className={style.sign} data-family={family}>
        <Icon size={16} aria-hidden />
      </span>
      <span className={style.need}>
        <Go to={path}>{title}</Go>
        <span className="muted" title={why}>
          {word}: {why}
        </span>
      </span>
      <span className={style.needActs}>
        {act === undefined ? (
          <Go to={path} className={style.verb} label={`${verb}: ${title}`}>
            {verb}
          </Go>
        ) : (
          <AtOnce act={act} />
        )}
        <span className="muted">
          <Time at={since === '' ? undefined : since} />
        </span>
      </span>
    </li>
  )
}

function usePlace({ at }: Need): string {
  const workspace = useWorkspace()
  const to = usePaths()
  if ('schedule' in at) return to.schedule(at.schedule)
  if ('monitor' in at) return to.monitor(at.monitor)
  return pathOf(workspace.key, at.id) ?? to.home
}

/** One click, without leaving the page; who may not is told why. */
function AtOnce({ act }: { readonly act: NonNullable<Need['act']> }) {
  const can = useCan(act.id)
  const queries = useQueryClient()
  const run = useMutation({
    mutationFn: () => respond(`${act.id}/${act.action}`, { method: 'POST', body: {} }),
    onSuccess: async () => {
      tell(act.done)
      await queries.invalidateQueries({ queryKey: ['arm'] })
    },
    onError: tellFailure,
  })
  return (
    <Act
      label={act.label}
      variant="default"
      size="compact-xs"
      allowed={can(act.operation)}
      loading={run.isPending}
      onClick={() => run.mutate()}
    />
  )
}
