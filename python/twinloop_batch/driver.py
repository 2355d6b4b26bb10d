"""The process of a batch scoring job: plans the mini-batches, hands them to workers, and puts their parts together."""

import argparse
import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque

from .parts import Parts
from .plan import mini_batches
from .progress import Progress
from .settings import Settings


class BatchFailed(Exception):
    """The job cannot succeed; the message says why."""


def main(argv=None):
    parser = argparse.ArgumentParser(description="Scores data in mini-batches.")
    parser.add_argument("--settings", default=os.environ.get("TWINLOOP_BATCH_SETTINGS", "{}"), help="JSON object")
    parser.add_argument("--data", required=True, help="file or folder to score")
    parser.add_argument("--model", default="", help="folder of the model")
    parser.add_argument("--output", required=True, help="folder of the predictions")
    given = parser.parse_args(argv)
    settings = Settings(given.settings)
    # Below the output, which outlives this process, and gone before the output is stored.
    state = os.path.join(given.output, ".parts")
    os.environ["AZUREML_BI_OUTPUT_PATH"] = given.output
    if given.model:
        os.environ["AZUREML_MODEL_DIR"] = lay_out_model(given.model, os.environ.get("TWINLOOP_BATCH_MODEL_NAME", "model"))
    try:
        Driver(settings, given, Parts(state, settings.output_format)).run()
    except BatchFailed as failure:
        print("Batch scoring failed: %s" % failure, file=sys.stderr, flush=True)
        return 1
    shutil.rmtree(state)
    return 0


def lay_out_model(path, name):
    """The folder that a scoring script finds its model in, which satisfies both habits of scripts.

    The model's files stand in the folder itself, and once more in a subfolder of the name that the model's own folder
    had. A model that is one file stands there by its name.
    """
    folder = tempfile.mkdtemp(prefix="model-")
    path = os.path.abspath(path)
    if os.path.isfile(path):
        os.symlink(path, os.path.join(folder, os.path.basename(path)))
        return folder
    for entry in os.listdir(path):
        os.symlink(os.path.join(path, entry), os.path.join(folder, entry))
    if not os.path.lexists(os.path.join(folder, name)):
        os.symlink(path, os.path.join(folder, name))
    return folder


class Driver:
    def __init__(self, settings, given, parts):
        self.settings = settings
        self.given = given
        self.parts = parts
        self.batches = mini_batches(given.data, settings.mini_batch_size, tabular=settings.script is None)
        self.progress = Progress(len(self.batches), sum(len(batch) for batch in self.batches))
        self.failed_items = 0
        self.tries = {}
        self.selector = selectors.DefaultSelector()
        self.workers = []

    def run(self):
        if not self.batches:
            raise BatchFailed("there is no file to score in the input")
        todo = deque(index for index in range(len(self.batches)) if not self._was_done(index))
        if self.progress.done:
            print("Going on after %d of %d mini-batches." % (self.progress.done, len(self.batches)), flush=True)
        try:
            self._work(todo)
        finally:
            for worker in self.workers:
                worker.end()
        if self.settings.output_action != "summary_only":
            self.parts.assemble(len(self.batches), os.path.join(self.given.output, self.settings.output_file_name))
        self.progress.finish()
        if self.failed_items == sum(len(batch) for batch in self.batches):
            raise BatchFailed("every file failed; the log says why of each")

    def _was_done(self, index):
        note = self.parts.note(index)
        if note is None:
            return False
        self._count(index, note)
        return True

    def _count(self, index, note):
        self.failed_items += note["failed"]
        self.progress.count(note["ok"], note["rows"], note["failed"])

    def _work(self, todo):
        for _ in range(min(self.settings.concurrency, len(todo))):
            self._start_worker()
        while todo or any(worker.index is not None for worker in self.workers):
            for worker in self.workers:
                if worker.ready and worker.index is None and todo:
                    index = todo.popleft()
                    worker.hand(index, self.batches[index], self.settings.timeout)
            self._listen(todo)

    def _listen(self, todo):
        """Waits for the next answer, death or time-out of a worker, whichever comes first."""
        deadlines = [worker.deadline for worker in self.workers if worker.deadline is not None]
        wait = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        for key, _ in self.selector.select(wait):
            worker = key.data
            answers = worker.read()
            if answers is None:
                self._replace(worker, todo, "its process ended (%s)" % worker.ending())
                continue
            for answer in answers:
                self._take(worker, answer, todo)
        now = time.monotonic()
        for worker in list(self.workers):
            if worker.deadline is not None and worker.deadline <= now:
                self._replace(worker, todo, "it took longer than %g s" % self.settings.timeout)

    def _take(self, worker, answer, todo):
        if "started" in answer:
            if not answer["started"]:
                raise BatchFailed("the model cannot be loaded: %s" % answer["error"])
            worker.ready = True
            return
        index = worker.free()
        if answer["ok"]:
            self._finish(index, {"ok": True, "rows": answer["rows"], "failed": answer["failed"]})
        else:
            self._retry(index, answer["error"], todo)

    def _replace(self, worker, todo, why):
        """A worker that hangs or died is ended, and another takes its place."""
        index, ready = worker.index, worker.ready
        worker.end()
        self.selector.unregister(worker.answers)
        self.workers.remove(worker)
        if not ready:
            raise BatchFailed("the model cannot be loaded: %s" % why)
        if index is not None:
            self._retry(index, why, todo)
        if todo or any(other.index is not None for other in self.workers):
            self._start_worker()

    def _retry(self, index, why, todo):
        self.tries[index] = self.tries.get(index, 0) + 1
        names = ", ".join(item["name"] for item in self.batches[index][:3])
        print("Mini-batch %d (%s%s) failed, try %d of %d: %s" % (
            index, names, ", …" if len(self.batches[index]) > 3 else "",
            self.tries[index], self.settings.max_retries + 1, why,
        ), file=sys.stderr, flush=True)
        if self.tries[index] <= self.settings.max_retries:
            todo.append(index)
        else:
            self._finish(index, {"ok": False, "rows": 0, "failed": len(self.batches[index])})

    def _finish(self, index, note):
        self.parts.keep(index, note)
        self._count(index, note)
        threshold = self.settings.error_threshold
        if 0 <= threshold < self.failed_items:
            raise BatchFailed(
                "%d files failed, more than the error threshold of %d" % (self.failed_items, threshold)
            )

    def _start_worker(self):
        worker = Worker(self.settings, self.given.model, self.parts.folder)
        self.workers.append(worker)
        self.selector.register(worker.answers, selectors.EVENT_READ, worker)


class Worker:
    """A process that scores, and what it is doing."""

    def __init__(self, settings, model, state):
        orders_out, orders_in = os.pipe()
        answers_out, answers_in = os.pipe()
        home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        # The path is ours only while our own modules are imported: a script's of the same name must win afterwards.
        code = (
            "import sys; sys.path.insert(0, %r); from twinloop_batch.worker import main; sys.path.remove(%r); "
            "sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))" % (home, home)
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, settings.text, model, state, str(orders_out), str(answers_in)],
            pass_fds=(orders_out, answers_in),
            stdin=subprocess.DEVNULL,
        )
        os.close(orders_out)
        os.close(answers_in)
        self.orders = orders_in
        self.answers = answers_out
        self.buffer = b""
        self.ready = False
        self.index = None
        self.deadline = None

    def hand(self, index, items, timeout):
        self.index = index
        self.deadline = time.monotonic() + timeout
        try:
            os.write(self.orders, (json.dumps({"index": index, "items": items}) + "\n").encode())
        except BrokenPipeError:
            pass  # its death is seen where answers are read

    def read(self):
        """The answers that have come; None at the end."""
        data = os.read(self.answers, 65536)
        if data == b"":
            return None
        *lines, self.buffer = (self.buffer + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def free(self):
        index, self.index, self.deadline = self.index, None, None
        return index

    def ending(self):
        code = self.process.wait()
        return "signal %d" % -code if code < 0 else "exit code %d" % code

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for fd in (self.orders, self.answers):
            try:
                os.close(fd)
            except OSError:
                pass
