"""Who computes when: Python's threads that all compute only take the interpreter from one another."""

import collections
import os
import threading
import time

#: Requests that may always be under way at once.
LEAST = min(2, os.cpu_count() or 1)
#: More than any deployment may ask for.
MOST = 1000
#: How often it is looked, while some wait, how busy the process is.
LOOK_SECONDS = 0.01
#: Share of one processor, used or waited for, from which on more threads are no gain.
BUSY = 0.6


def next_allowed(allowed, share):
    """How many may be under way, after `allowed` of them wanted this share of a processor: those that mostly wait (for
    a database, another service) leave room for twice as many, those that compute for fewer."""
    return min(allowed * 2, MOST) if share < BUSY else max(LEAST, allowed * 3 // 4)


class Turns:
    """A context for each request: entered in the order of arrival, as soon as there is room."""

    def __init__(self):
        self.lock = threading.Lock()
        self.waiting = collections.deque()
        self.some_wait = threading.Event()
        self.running = 0
        self.allowed = LEAST
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
            share = (time.process_time() - spent + passed - LOOK_SECONDS) / passed
            with self.lock:
                if not self.waiting:
                    self.some_wait.clear()
                    continue
                self.allowed = next_allowed(self.allowed, share)
                self.admit()
