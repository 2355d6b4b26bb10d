"""Who reads and who computes: Python's threads that all compute only take the interpreter from one another."""

import collections
import os
import threading
import time

#: Processors that this process may use.
PROCESSORS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
#: More requests under way than any deployment may ask for.
MOST = 1000
#: How often it is looked, while requests are under way, how busy the process is.
LOOK_SECONDS = 0.01
#: Looks at nothing before it is looked no more.
IDLE_LOOKS = 100
#: Share of the processors from which on more threads are no gain.
BUSY = 0.6
#: Share of the time for which a thread that wants the interpreter waits for it, from which on more threads only take it
#: from one another.
HELD = 0.1
#: Weight of a look in the average of those shares: a model that computes in Python lets go of the interpreter now and then.
WEIGHT = 0.05


def next_allowed(allowed, used, held):
    """How many may be under way, after `allowed` of them used so many processors, and a thread that wanted the
    interpreter waited for it this share of the time, on average: one that computes in Python goes alone; those that mostly wait
    (for a database, another service), or compute outside of the interpreter, leave room for twice as many until the
    processors are used."""
    if held >= HELD and used >= BUSY:
        return max(1, allowed * 3 // 4)
    return allowed if used >= BUSY * PROCESSORS else min(allowed * 2, MOST)


class Turns:
    """Threads that take turns in reading requests and computing them, first come first served.

    `read(wait)` returns the requests that have arrived (waits for something to happen, if `wait`; may return none); it is
    called by one thread at a time. `compute(request)` must not raise. While one request at a time is any good the same
    thread reads and computes, so that none takes the interpreter from another; a request that takes longer than a look has
    another thread read meanwhile.
    """

    def __init__(self, read, compute):
        self.read, self.compute = read, compute
        self.changed = threading.Condition(threading.Lock())
        self.under_way = threading.Event()
        self.waiting = collections.deque()
        self.running = self.finished = self.threads = self.idle = 0
        self.allowed = 1
        self.held = 1.0
        self.reading = self.overdue = False

    def start(self):
        with self.changed:
            self.rouse()
        threading.Thread(target=self.look, daemon=True).start()

    def work(self):
        while True:
            request = self.next()
            try:
                self.compute(request)
            finally:
                with self.changed:
                    self.running -= 1
                    self.finished += 1

    def next(self):
        with self.changed:
            while True:
                if self.may_read():
                    self.read_some()
                if self.waiting and self.running < self.allowed:
                    self.running += 1
                    if not self.under_way.is_set():
                        self.under_way.set()
                    request = self.waiting.popleft()
                    self.rouse()
                    return request
                if not self.may_read():
                    self.idle += 1
                    self.changed.wait()
                    self.idle -= 1

    def may_read(self):
        return not self.reading and (self.running < self.allowed or self.overdue)

    def read_some(self):
        """To be called with the lock held, and lets go of it meanwhile."""
        wait = not self.waiting or self.running >= self.allowed
        self.reading, self.overdue = True, False
        self.changed.release()
        try:
            arrived = self.read(wait)
        finally:
            self.changed.acquire()
            self.reading = False
        self.waiting.extend(arrived)

    def rouse(self):
        """Has another thread go on, if there is something to do for one. To be called with the lock held."""
        if not (self.may_read() or (self.waiting and self.running < self.allowed)):
            return
        if self.idle > 0:
            self.changed.notify()
        elif self.threads <= MOST:
            self.threads += 1
            threading.Thread(target=self.work, daemon=True).start()

    def look(self):
        finished, nothing = 0, 0
        while True:
            self.under_way.wait()
            began, spent = time.monotonic(), time.process_time()
            time.sleep(LOOK_SECONDS)
            passed = time.monotonic() - began
            # Woken late, this thread has waited for the interpreter, or for a processor as the others have.
            late = passed - LOOK_SECONDS
            used = (time.process_time() - spent + late) / passed
            with self.changed:
                nothing = nothing + 1 if self.running == 0 else 0
                if nothing == IDLE_LOOKS:
                    self.under_way.clear()
                if self.running == 0:
                    continue
                self.held += WEIGHT * (late / passed - self.held)
                if self.waiting:
                    self.allowed = next_allowed(self.allowed, used, self.held)
                self.overdue = self.finished == finished
                finished = self.finished
                self.rouse()
