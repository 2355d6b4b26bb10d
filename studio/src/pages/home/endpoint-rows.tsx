import type { Endpoint } from '../../api/endpoints.ts'
import { usePaths } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { Empty } from '../../parts/states.tsx'
import { StatusDot } from '../../parts/status.tsx'
import { Spark } from '../endpoints/overview/spark.tsx'
import { TrafficBar } from '../endpoints/traffic/traffic-bar.tsx'
import style from './home.module.css'

/** What answers, with its day. */
export function EndpointRows({ endpoints }: { readonly endpoints: readonly Endpoint[] }) {
  const to = usePaths()
  if (endpoints.length === 0)
    return (
      <Empty
        title="Nothing is in production yet"
        command="twinloop online-endpoint create --name my-endpoint"
      />
    )
  return (
    <ul className={style.endpoints}>
      {endpoints.slice(0, 8).map(({ id, name, properties }) => (
        <li key={id}>
          <StatusDot kind="provisioning" state={properties.provisioningState} />
          <span className={style.endpointName}>
            <Go to={to.endpoint(name)}>{name}</Go>
          </span>
          <TrafficBar traffic={properties.traffic ?? {}} mirror={properties.mirrorTraffic ?? {}} />
          <Spark id={id} />
        </li>
      ))}
    </ul>
  )
}
