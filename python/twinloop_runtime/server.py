"""The instance's socket: takes frames, has them scored, and lets go in an orderly way."""

import argparse
import faulthandler
import os
import selectors
import signal
import socket
import threading
import time
import traceback

from .answers import BadInput, message_answer
from .collector import start_collector
from .frames import GOODBYE, Frames, frame
from .log import LOG, keep_standard_streams, say
from .trace import tracing
from .turns import Turns

#: Read from a connection at once.
PIECE_BYTES = 2**18


def main(argv):
    """Loads the model and serves until SIGTERM. Exit code 1 and a traceback on stderr if the model does not load."""
    options = parse(argv)
    faulthandler.enable(LOG)
    started = time.monotonic()
    try:
        start_collector(options.name)
        scorer = load(options)
    except BaseException:
        say("%sThe model did not load." % traceback.format_exc())
        return 1
    connections = Connections(scorer, Watchdog(float(os.environ.get("WORKER_TIMEOUT", "300"))))
    os.register_at_fork(after_in_child=connections.leave)
    signal.signal(signal.SIGTERM, lambda *_: connections.drain())
    listener = connections.listener = listen(options.sockets, options.name)
    say("Ready after %.1f s." % (time.monotonic() - started))
    connections.serve(listener)
    say("Stopped.")
    return 0


def parse(argv):
    parser = argparse.ArgumentParser(prog="runtime.py")
    parser.add_argument("--sockets", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--source")
    parser.add_argument("--script")
    return parser.parse_args(argv)


def load(options):
    if options.script is None:
        from .mlflow_model import MlflowModel

        return MlflowModel(os.environ["AZUREML_MODEL_DIR"])
    from .score_script import ScoreScript

    return ScoreScript(options.source, options.script)


def listen(folder, name):
    """A listening socket at folder/name, which comes into being already listening."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # Bound by a relative name: a socket's path may have about 100 bytes only, and homes are longer than that.
    before = os.getcwd()
    os.chdir(folder)
    try:
        coming = name + ".new"
        if os.path.lexists(coming):
            os.unlink(coming)
        listener.bind(coming)
        os.chmod(coming, 0o600)
        listener.listen(128)
        os.rename(coming, name)
    finally:
        os.chdir(before)
    return listener


class Connections:
    """Every connection of the gateway; on each, requests and answers take turns."""

    def __init__(self, scorer, watchdog):
        self.scorer = scorer
        self.watchdog = watchdog
        self.lock = threading.Lock()
        self.listener = None
        self.open = set()
        self.draining = False
        self.done = threading.Event()
        self.process = os.getpid()
        self.selector = selectors.DefaultSelector()
        self.wake_reader, self.wake_writer = socket.socketpair()

    def serve(self, listener):
        """Accepts until drained, then waits for the gateway to close what is open."""
        self.listener = listener
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ)
        self.selector.register(self.wake_reader, selectors.EVENT_READ)
        Turns(self.read, self.answer).start()
        self.done.wait()

    def read(self, wait):
        """The requests that have come whole, each with its connection."""
        requests = []
        for key, _ in self.selector.select(None if wait else 0):
            if key.fileobj is self.listener:
                self.accept()
            elif key.fileobj is self.wake_reader:
                self.refuse()
            else:
                requests.extend(self.receive(key.data))
        return requests

    def receive(self, talk):
        try:
            for meta, body in talk.receive():
                if meta.get("route") == "live":
                    talk.send({"status": 200, "contentType": "text/plain", "milliseconds": 0}, b"")
                else:
                    yield talk, meta, body
        except OSError:
            self.forget(talk)  # The gateway has closed it, or has gone; it will come back with a new one.

    def accept(self):
        keep_standard_streams()
        try:
            connection, _ = self.listener.accept()
        except BlockingIOError:
            return
        connection.setblocking(True)
        talk = Conversation(connection)
        with self.lock:
            self.open.add(talk)
        self.selector.register(connection, selectors.EVENT_READ, talk)
        if self.draining:
            talk.goodbye()

    def forget(self, talk):
        self.selector.unregister(talk.connection)
        with self.lock:
            self.open.discard(talk)
        talk.close()
        self.end_if_drained()

    def end_if_drained(self):
        if self.draining and self.listener is None and not self.open:
            self.done.set()

    def refuse(self):
        """No connection from here on, but those that were made already are taken and told goodbye."""
        self.selector.unregister(self.wake_reader)
        self.selector.unregister(self.listener)
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # Not every system can; then the close does it.
        try:
            while True:
                before = len(self.open)
                self.accept()
                if len(self.open) == before:
                    break
        except OSError:
            pass
        self.listener.close()
        self.listener = None
        self.end_if_drained()

    def answer(self, request):
        talk, meta, body = request
        began = time.perf_counter()
        with self.watchdog.watching():
            answer = score(self.scorer, meta, body)
        if os.getpid() != self.process:
            os._exit(0)  # A child that came back from run(): the answer is its parent's to give.
        head = {
            "status": answer.status,
            "contentType": answer.content_type,
            "milliseconds": round((time.perf_counter() - began) * 1000, 3),
        }
        if answer.failed:
            head["failed"] = True
        if answer.rows is not None:
            head["rows"] = answer.rows
        try:
            talk.send(head, answer.body)
        except OSError:
            pass  # Nobody waits for it any more.

    def leave(self):
        """In a child that the model's code has forked: what is the gateway's is not the child's, nor held open by it."""
        for connection in [self.listener, *(talk.connection for talk in self.open)]:
            if connection is not None:
                os.close(connection.fileno())

    def drain(self):
        """Signal handler: no more connections, and goodbye to those there are. Takes no lock, for the main thread may hold it."""
        if self.draining:
            return
        self.draining = True
        threading.Thread(target=self.say_goodbye, daemon=True).start()
        self.wake_writer.send(b"\0")

    def say_goodbye(self):
        with self.lock:
            talks = list(self.open)
        for talk in talks:
            talk.goodbye()


class Conversation:
    """One connection: takes in requests as they come in pieces, and sends answers whole."""

    def __init__(self, connection):
        self.connection = connection
        self.frames = Frames()
        self.writing = threading.Lock()

    def receive(self):
        """The requests that are there by now. Raises OSError once the gateway has closed its end."""
        while True:
            try:
                piece = self.connection.recv(PIECE_BYTES, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            if not piece:
                raise ConnectionResetError
            yield from self.frames.take(piece)

    def send(self, head, body):
        with self.writing:
            self.connection.sendall(frame(head, body))

    def goodbye(self):
        try:
            with self.writing:
                self.connection.sendall(GOODBYE)
        except OSError:
            pass

    def close(self):
        with self.writing:
            self.connection.close()


def score(scorer, meta, body):
    """Never raises: what the model raises is in the log with the request's id, and the caller learns that it failed."""
    route = meta.get("route")
    try:
        with tracing(meta):
            return scorer.score(meta, body)
    except BadInput as problem:
        return message_answer(problem.status, str(problem), route)
    except BaseException as problem:
        trace = " (trace %s)" % meta["traceparent"].split("-")[1] if meta.get("traceparent") else ""
        say("Request %s%s failed:\n%s" % (meta.get("requestId"), trace, traceback.format_exc()))
        if isinstance(problem, SystemExit):
            os._exit(problem.code if isinstance(problem.code, int) else 1)
        return message_answer(500, "The model failed on this request. The deployment's log says why.", route, failed=True)


class Watchdog:
    """Ends the process when a request takes longer than `seconds`: a model that hangs is started anew by its supervisor."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.began = {}
        threading.Thread(target=self.run, daemon=True).start()

    def watching(self):
        return Watch(self.began)

    def run(self):
        # A request that begins while this waits cannot be overdue before the wait is over.
        while True:
            oldest = min(list(self.began.values()), default=time.monotonic())
            left = oldest + self.seconds - time.monotonic()
            if left <= 0:
                say("A request ran for more than %g s (WORKER_TIMEOUT): restarting." % self.seconds)
                faulthandler.dump_traceback(LOG, all_threads=True)
                os._exit(70)
            time.sleep(left)


class Watch:
    __slots__ = ("began",)

    def __init__(self, began):
        self.began = began

    def __enter__(self):
        self.began[threading.get_ident()] = time.monotonic()

    def __exit__(self, *_):
        del self.began[threading.get_ident()]
