import { Kbd, Modal, Switch } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { Fragment, useEffect, useRef, useState } from 'react'
import { changeSettings, useSettings } from '../parts/settings.ts'
import { usePlaces } from './rail.tsx'
import style from './frame.module.css'

/** How long `g` waits for the letter that follows it. */
const patienceMs = 1200

/** Shortcuts of one key, which can be switched off, and the list of them. Ctrl K is the palette's own. */
export function Keyboard() {
  const [isOpen, setOpen] = useState(false)
  const { keys: isOn } = useSettings()
  const places = usePlaces()
  const navigate = useNavigate()
  /** When `g` was pressed, by the clock of events: a page's first second is no `g`. */
  const going = useRef(-Infinity)

  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      const isTyping = target.isContentEditable || /^(?:input|textarea|select)$/i.test(target.tagName)
      if (!isOn || isTyping || event.metaKey || event.ctrlKey || event.altKey) return
      if (event.timeStamp - going.current < patienceMs) {
        going.current = -Infinity
        const place = places.find(({ key }) => key === event.key)
        if (place === undefined) return
        event.preventDefault()
        void navigate({ to: place.to as '/' })
        return
      }
      if (event.key === 'g') going.current = event.timeStamp
      else if (event.key === '?') setOpen(true)
      else if (event.key === '/') {
        event.preventDefault()
        document.querySelector<HTMLInputElement>('[data-filter]')?.focus()
      } else if (event.key === 'j' && !target.closest('[role=table]'))
        document.querySelector<HTMLElement>('[role=table] [data-index] a')?.focus()
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [isOn, places, navigate])

  return (
    <Modal
      opened={isOpen}
      onClose={() => setOpen(false)}
      title="Keyboard"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <dl className={style.help}>
        {[
          ['Ctrl K', 'Search, and go anywhere'],
          ['/', 'Filter the table'],
          ['j', 'Next row (k: the one before)'],
          ['Enter', 'Open the row'],
          ['Esc', 'Close what is open'],
          ...places.map(({ key, name }) => [`g ${key}`, name]),
        ].map(([key = '', what]) => (
          <Fragment key={key}>
            <dt>
              {key.split(' ').map((one) => (
                <Kbd key={one} mr={4}>
                  {one}
                </Kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </Fragment>
        ))}
      </dl>
      <Switch
        mt="lg"
        checked={isOn}
        onChange={(event) => changeSettings({ keys: event.currentTarget.checked })}
        label="Shortcuts of one key"
      />
    </Modal>
  )
}
