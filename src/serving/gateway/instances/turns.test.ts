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

test('all of many requests that wait for one another get in', () => {
  run(`
import threading
from twinloop_runtime.turns import Turns
turns, together = Turns(), threading.Barrier(100)
def request():
    with turns:
        together.wait(15)
threads = [threading.Thread(target=request) for _ in range(100)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert turns.running == 0 and not together.broken
`)
})

test('whoever came first is served first, also after one that failed', () => {
  run(`
import threading, time
from twinloop_runtime import turns as module
module.MOST = 1
turns, served = module.Turns(), []
def request(number):
    try:
        with turns:
            served.append(number)
            time.sleep(0.001)
            if number % 2: raise ValueError(number)
    except ValueError:
        pass
threads = [threading.Thread(target=request, args=(n,)) for n in range(30)]
with turns:
    for number, thread in enumerate(threads):
        thread.start()
        while len(turns.waiting) <= number: time.sleep(0.0005)
for thread in threads: thread.join()
assert served == sorted(served) and len(served) == 30, served
`)
})
