"""Who computes when: Python's threads that all compute only take the interpreter from one another."""

import collections
import os
import threading
import time

#: Processors that this process may use.
PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
#: More requests under way than any deployment may ask for.
MOST = 1000
#: How often it is looked, while some wait, how busy the process is.
LOOK_SECONDS = 0.01
#: Share of the processors from which on more threads are no gain.
BUSY = 0.6
#: Share of the time for which a thread that wants the interpreter waits for it, from which on more threads only take it
#: from one another.
HELD = 0.1
#: Weight of a look in the average of those shares: a model that computes in Python lets go of the interpreter now and then.
WEIGHT = 0.05


def next_allowed(allowed, used, held):
    """How many may be under way, after `allowed` of them used so many processors, and a thread that wanted the
    interpreter waited for it this share of the time, on average: one that computes in Python goes alone; those that mostly wait (for a
    database, another service), or compute outside of the interpreter, leave room for twice as many until the
    processors are used."""
    if held >= HELD and used >= BUSY:
        return max(1, allowed * 3 // 4)
    return allowed if used >= BUSY * PROCESSORS else min(allowed * 2, MOST)


class Turns:
    """A context for each request: entered in the order of arrival, as soon as there is room."""

    def __init__(self):
        self.lock = threading.Lock()
        self.waiting = collections.deque()
        self.some_wait = threading.Event()
        self.running = 0
        self.allowed = 1
        self.held = 1.0
        threading.Thread(target=self.look, daemon=True).start()

    def __enter__(self):
        with self.lock:
            if self.running < self.allowed and not self.waiting:
                self.running += 1
                return
            turn = threading.Lock()
            turn.acquire()
            self.waiting.append(turn)
            self.some_wait.set()
        # Whoever makes room gives it, so that nobody else takes it first.
        turn.acquire()

    def __exit__(self, *_):
        with self.lock:
            self.running -= 1
            self.admit()

    def admit(self):
        while self.waiting and self.running < self.allowed:
            self.running += 1
            self.waiting.popleft().release()

    def look(self):
        while True:
            self.some_wait.wait()
            began, spent = time.monotonic(), time.process_time()
            time.sleep(LOOK_SECONDS)
            passed = time.monotonic() - began
            # Woken late, this thread has waited for the interpreter, or for a processor as the others have.
            late = passed - LOOK_SECONDS
            used = (time.process_time() - spent + late) / passed
            self.held += WEIGHT * (late / passed - self.held)
            with self.lock:
                if not self.waiting:
                    self.some_wait.clear()
                    continue
                self.allowed = next_allowed(self.allowed, used, self.held)
                self.admit()
