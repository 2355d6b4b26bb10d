"""The instance's socket: takes frames, has them scored, and lets go in an orderly way."""

import argparse
import faulthandler
import os
import signal
import socket
import threading
import time
import traceback

from .answers import BadInput, message_answer
from .collector import start_collector
from .frames import GOODBYE, frame, read_frame
from .log import LOG, keep_standard_streams, say
from .trace import tracing
from .turns import Turns


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
    connections = Connections()
    os.register_at_fork(after_in_child=connections.leave)
    signal.signal(signal.SIGTERM, lambda *_: connections.drain())
    listener = connections.listener = listen(options.sockets, options.name)
    say("Ready after %.1f s." % (time.monotonic() - started))
    watchdog = Watchdog(float(os.environ.get("WORKER_TIMEOUT", "300")))
    connections.serve(listener, scorer, watchdog)
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
    """Every connection of the gateway, each served by its own thread, one request at a time."""

    def __init__(self):
        self.lock = threading.Lock()
        self.listener = None
        self.open = {}
        self.draining = False
        self.turns = Turns()
        self.wake_reader, self.wake_writer = socket.socketpair()

    def serve(self, listener, scorer, watchdog):
        """Accepts until drained, then waits for the gateway to close what is open."""
        import selectors

        with selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            selector.register(self.wake_reader, selectors.EVENT_READ)
            while not self.draining:
                for key, _ in selector.select():
                    if key.fileobj is listener and not self.draining:
                        self.accept(listener, scorer, watchdog)
        self.refuse(listener, scorer, watchdog)
        with self.lock:
            threads = [thread for thread, _ in self.open.values()]
        for thread in threads:
            thread.join()

    def refuse(self, listener, scorer, watchdog):
        """No connection from here on, but those that were made already are taken and told goodbye."""
        try:
            listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # Not every system can; then the close does it.
        listener.setblocking(False)
        try:
            while True:
                self.accept(listener, scorer, watchdog)
        except OSError:
            listener.close()

    def accept(self, listener, scorer, watchdog):
        keep_standard_streams()
        connection, _ = listener.accept()
        connection.setblocking(True)
        talk = Conversation(connection, scorer, watchdog, self.turns)
        thread = threading.Thread(target=self.run, args=(connection, talk), daemon=True)
        with self.lock:
            self.open[connection] = (thread, talk)
        thread.start()
        if self.draining:
            talk.goodbye()

    def run(self, connection, talk):
        try:
            talk.run()
        except OSError:
            pass  # The gateway has gone; it will come back with a new connection.
        finally:
            with self.lock:
                self.open.pop(connection, None)
            connection.close()

    def leave(self):
        """In a child that the model's code has forked: what is the gateway's is not the child's, nor held open by it."""
        for connection in [self.listener, *self.open]:
            if connection is not None:
                os.close(connection.fileno())

    def drain(self):
        """Signal handler: no more connections, and goodbye to those there are. Takes no lock, for the main thread may hold it."""
        self.draining = True
        threading.Thread(target=self.say_goodbye, daemon=True).start()
        self.wake_writer.send(b"\0")

    def say_goodbye(self):
        with self.lock:
            talks = [talk for _, talk in self.open.values()]
        for talk in talks:
            talk.goodbye()


class Conversation:
    """One connection: reads a request, scores it, writes the answer, and again."""

    def __init__(self, connection, scorer, watchdog, turns):
        self.connection = connection
        self.turns = turns
        self.scorer = scorer
        self.watchdog = watchdog
        self.writing = threading.Lock()
        self.process = os.getpid()

    def run(self):
        stream = self.connection.makefile("rb")
        while True:
            request = read_frame(stream)
            if request is None:
                return
            meta, body = request
            if meta.get("route") == "live":
                with self.writing:
                    self.connection.sendall(frame({"status": 200, "contentType": "text/plain", "milliseconds": 0}, b""))
                continue
            with self.turns:
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
            with self.writing:
                self.connection.sendall(frame(head, answer.body))

    def goodbye(self):
        try:
            with self.writing:
                self.connection.sendall(GOODBYE)
        except OSError:
            pass


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
