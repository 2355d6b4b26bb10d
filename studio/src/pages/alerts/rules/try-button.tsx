import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { pastQuery } from '../../../api/alerts/rules.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act } from '../../../parts/act.tsx'
import { Answer } from '../../../parts/states.tsx'
import { VerdictPanel } from '../past/verdict-panel.tsx'

/** Tries a rule on the last 30 days, and tells what its actions would do; nothing of it happens. */
export function TryButton({ id }: { readonly id: string }) {
  const [isOpen, setOpen] = useState(false)
  const can = useCan(id)
  return (
    <>
      <Act
        label="Try it"
        variant="default"
        allowed={can('Twinloop/alertRules/read')}
        onClick={() => setOpen(true)}
      />
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title="Tried on the last 30 days; nothing of it happens"
        size="xl"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {isOpen ? <Tried id={id} /> : null}
      </Modal>
    </>
  )
}

function Tried({ id }: { readonly id: string }) {
  const query = useQuery(pastQuery(id, { days: 30 }))
  return (
    <Answer query={query} rows={10}>
      {(past) => <VerdictPanel past={past} />}
    </Answer>
  )
}
