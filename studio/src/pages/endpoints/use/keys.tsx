import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { listKeys, rotateKey, type Endpoint, type EndpointKeys } from '../../../api/endpoints.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../../parts/act.tsx'
import { Copy } from '../../../parts/copy.tsx'
import { IconLock, IconRefresh } from '../../../parts/icons.ts'
import { Facts, Panel } from '../../../parts/panel.tsx'
import style from '../endpoints.module.css'

/** The two keys of an endpoint: shown on demand, to who may, and made anew one at a time. */
export function Keys({ endpoint }: { readonly endpoint: Endpoint }) {
  const can = useCan(endpoint.id)
  const [rotated, setRotated] = useState<'Primary' | 'Secondary'>()
  const keys = useMutation({ mutationFn: () => listKeys(endpoint.id), onError: tellFailure })
  if (endpoint.properties.authMode !== 'Key')
    return (
      <Panel title="Signing in">
        <p>
          This endpoint takes tokens: those of the platform, or one that is made for it.{' '}
          <code>twinloop online-endpoint get-credentials --name {endpoint.name}</code> prints one.
        </p>
      </Panel>
    )
  return (
    <Panel
      title="Keys"
      subtitle="either is enough; change the callers to one, then make the other anew"
      actions={
        keys.data === undefined ? (
          <Act
            label="Show keys"
            variant="default"
            icon={<IconLock size={14} />}
            allowed={can('onlineEndpoints/listKeys/action')}
            loading={keys.isPending}
            onClick={() => keys.mutate()}
          />
        ) : (
          <Act label="Hide keys" variant="default" onClick={() => keys.reset()} />
        )
      }
    >
      <Facts
        facts={(['Primary', 'Secondary'] as const).map((kind) => ({
          name: `${kind} key`,
          value: (
            <span className={style.key}>
              <Shown value={keys.data === undefined ? undefined : valueOf(keys.data, kind)} kind={kind} />
              <Act
                label="Make anew"
                variant="subtle"
                size="compact-xs"
                icon={<IconRefresh size={13} />}
                allowed={can('onlineEndpoints/regenerateKeys/action')}
                onClick={() => setRotated(kind)}
              />
            </span>
          ),
        }))}
      />
      {rotated === undefined ? null : (
        <Confirm
          title={`Make the ${rotated.toLowerCase()} key anew`}
          verb={`Make ${rotated.toLowerCase()} key anew`}
          danger
          onDone={async () => {
            await rotateKey(endpoint.id, rotated)
            keys.reset()
            tell(`The ${rotated.toLowerCase()} key is another one now`)
          }}
          onClose={() => setRotated(undefined)}
        >
          <p>
            Whoever brings the {rotated.toLowerCase()} key is refused from this moment on. The other key goes
            on working.
          </p>
        </Confirm>
      )}
    </Panel>
  )
}

const valueOf = (keys: EndpointKeys, kind: 'Primary' | 'Secondary') =>
  kind === 'Primary' ? keys.primaryKey : keys.secondaryKey

const Shown = ({ value, kind }: { readonly value: string | undefined; readonly kind: string }) =>
  value === undefined ? (
    <span className="muted">••••••••••••••••</span>
  ) : (
    <>
      <code>{value}</code> <Copy text={value} what={`${kind.toLowerCase()} key`} />
    </>
  )
