import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const python = fileURLToPath(new URL('../../../../python', import.meta.url))

/** Runs a program that fails by itself if what it asserts is not so. */
const run = (program: string) =>
  execFileSync('python3', ['-B', '-c', program], { cwd: python, timeout: 20_000, stdio: 'inherit' })

test('requests that wait or compute outside of the interpreter leave room for others, those in Python do not', () => {
  run(`
from twinloop_runtime import turns
turns.PROCESSORS = 4
assert turns.next_allowed(1, used=0.1, held=0.0) == 2
assert turns.next_allowed(1, used=0.1, held=0.9) == 2, 'whoever is late on a busy machine has not computed'
assert turns.next_allowed(turns.MOST, used=0.0, held=0.0) == turns.MOST
assert turns.next_allowed(64, used=1.0, held=0.3) == 48
assert turns.next_allowed(1, used=1.0, held=0.3) == 1
assert turns.next_allowed(1, used=1.0, held=0.0) == 2
assert turns.next_allowed(4, used=3.9, held=0.0) == 4
`)
})

/** Requests come from a queue; `over` is for what a test waits for. */
const fromQueue = `
import queue, threading, time
from twinloop_runtime import turns as module
arriving, over = queue.Queue(), threading.Event()
def read(wait):
    try:
        found = [arriving.get(wait)]
        while not arriving.empty(): found.append(arriving.get())
        return found
    except queue.Empty:
        return []
`

test('all of many requests that wait for one another get in', () => {
  run(`${fromQueue}
together = threading.Barrier(101)
turns = module.Turns(read, lambda _: together.wait(15))
turns.start()
for number in range(100): arriving.put(number)
together.wait(15)
assert not together.broken
`)
})

test('whoever came first is served first', () => {
  run(`${fromQueue}
served = []
def compute(number):
    served.append(number)
    end = time.process_time() + 0.002
    while time.process_time() < end: pass
    if len(served) == 300: over.set()
turns = module.Turns(read, compute)
for number in range(300): arriving.put(number)
turns.start()
assert over.wait(15)
assert served == list(range(300)), served
`)
})

test('requests that compute one at a time need one thread, and one that takes long does not keep others from being read', () => {
  run(`${fromQueue}
begun, seen = threading.Event(), []
def compute(request):
    seen.append(threading.get_ident())
    if request == 'long':
        begun.set()
        assert over.wait(15)
turns = module.Turns(read, compute)
# Without its look, which on a busy machine may find a request long that is not.
with turns.changed: turns.rouse()
for number in range(50):
    arriving.put(number)
    while len(seen) <= number: time.sleep(0.0005)
assert len(set(seen)) == 1, seen
turns.start()
arriving.put('long')
assert begun.wait(15)
arriving.put('short')
# Nobody computes it before the long one is found to be waiting rather than computing.
while len(seen) < 52: time.sleep(0.001)
over.set()
`)
})
