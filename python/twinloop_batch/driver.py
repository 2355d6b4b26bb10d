"""The process of a batch scoring job: plans the mini-batches, hands them to workers, and puts their parts together."""

import argparse
import os
import selectors
import shutil
import sys
import tempfile
import time
from collections import deque

from .parts import Parts
from .plan import mini_batches
from .progress import Progress
from .settings import Settings
from .worker_process import Worker


#: Mini-batches that the compiled model may leave to Python before it is asked no more, having scored none.
FRUITLESS = 3
#: Processes of the compiled model that may end before they are ready, killed perhaps, before it is given up.
LOST_STARTS = 3


class BatchFailed(Exception):
    """The job cannot succeed; the message says why."""


def main(argv=None):
    parser = argparse.ArgumentParser(description="Scores data in mini-batches.")
    parser.add_argument("--settings", default=os.environ.get("TWINLOOP_BATCH_SETTINGS", "{}"), help="JSON object")
    parser.add_argument("--data", required=True, help="file or folder to score")
    parser.add_argument("--model", default="", help="folder of the model")
    parser.add_argument("--compiled", default="", help="folder of the model as it was compiled, which scores if it can")
    parser.add_argument("--output", required=True, help="folder of the predictions")
    given = parser.parse_args(argv)
    settings = Settings(given.settings)
    # Below the output, which outlives this process, and gone before the output is stored.
    state = os.path.join(given.output, ".parts")
    os.environ["AZUREML_BI_OUTPUT_PATH"] = given.output
    if given.model:
        os.environ["AZUREML_MODEL_DIR"] = lay_out_model(given.model, os.environ.get("TWINLOOP_BATCH_MODEL_NAME", "model"))
    try:
        require_parquet(settings)
        Driver(settings, given, Parts(state, settings.output_format)).run()
    except BatchFailed as failure:
        print("Batch scoring failed: %s" % failure, file=sys.stderr, flush=True)
        return 1
    shutil.rmtree(state)
    return 0


def require_parquet(settings):
    """Says before anything is scored that Parquet cannot be written in the end."""
    if settings.output_format == settings.parts_format or settings.output_action == "summary_only":
        return
    if not {"TWINLOOP_NODE", "TWINLOOP_PROGRAMS", "TWINLOOP_BATCH_PARQUET"} <= os.environ.keys():
        raise BatchFailed(
            "%s is Parquet, which this environment cannot write: add pyarrow to it, or have a .csv or .jsonl file written"
            % settings.output_file_name
        )


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
        self.batches = mini_batches(
            given.data, settings.mini_batch_size, tabular=settings.script is None, part_bytes=settings.part_bytes
        )
        self.progress = Progress(len(self.batches), len({item["name"] for batch in self.batches for item in batch}))
        self.failed_items = 0
        self.failed_in_parts = set()
        self.failed_whole = 0
        self.left_to_python = 0
        self.lost_starts = 0
        self.tries = {}
        #: Mini-batches that wait, by what is to score them: the compiled model, or Python.
        self.todo = {"onnx": deque(), "python": deque()}
        self.selector = selectors.DefaultSelector()
        self.workers = []

    def run(self):
        if not self.batches:
            raise BatchFailed("there is no file to score in the input")
        if self.settings.runtime:
            print("Runtime: %s" % self.settings.runtime, flush=True)
        todo = self.todo["onnx" if self.given.compiled else "python"]
        todo.extend(index for index in range(len(self.batches)) if not self._was_done(index))
        if self.progress.done:
            print("Going on after %d of %d mini-batches." % (self.progress.done, len(self.batches)), flush=True)
        try:
            while any(self.todo.values()) or any(worker.index is not None for worker in self.workers):
                self._hand_out()
                self._listen()
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
        """Counts what is over. A file that is scored in parts has failed once, however many of them have."""
        first = self.batches[index][0]
        self.failed_items += note["failed"]
        if note["failed"] and "first_row" in first:
            self.failed_in_parts.add(first["name"])
        else:
            self.failed_whole += note["failed"]
        self.progress.count(note["rows"], note.get("by"), self._failed_files())

    def _failed_files(self):
        return self.failed_whole + len(self.failed_in_parts)

    def _hand_out(self):
        for kind, todo in self.todo.items():
            mine = [worker for worker in self.workers if worker.kind == kind]
            wanted = len(todo) + sum(1 for worker in mine if worker.index is not None)
            for _ in range(min(self.settings.concurrency, wanted) - len(mine)):
                self._start_worker(kind)
            for worker in mine:
                if worker.ready and worker.index is None and todo:
                    index = todo.popleft()
                    worker.hand(index, self.batches[index], self.settings.timeout)

    def _listen(self):
        """Waits for the next answer, death or time-out of a worker, whichever comes first."""
        deadlines = [worker.deadline for worker in self.workers if worker.deadline is not None]
        wait = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        for key, _ in self.selector.select(wait):
            worker = key.data
            answers = worker.read()
            if answers is None:
                self._lose(worker, "its process ended (%s)" % worker.ending())
                continue
            for answer in answers:
                self._take(worker, answer)
        now = time.monotonic()
        for worker in list(self.workers):
            if worker.deadline is not None and worker.deadline <= now:
                self._lose(worker, "it took longer than %g s" % self.settings.timeout)

    def _take(self, worker, answer):
        if "started" in answer:
            worker.ready = bool(answer["started"])
            if not worker.ready:
                self._cannot_start(worker, answer["error"])
            return
        index = worker.free()
        if answer["ok"]:
            self._finish(index, {"ok": True, "rows": answer["rows"], "failed": answer["failed"], "by": worker.kind})
        else:
            self._again(worker, index, answer["error"])

    def _lose(self, worker, why):
        """A worker that hangs or died is ended; another takes its place where there is work for it."""
        index, ready = worker.index, worker.ready
        self._end_worker(worker)
        if not ready and worker.kind == "onnx" and self.lost_starts < LOST_STARTS:
            self.lost_starts += 1
            print("The compiled model is opened again: %s" % why, flush=True)
        elif not ready:
            self._cannot_start(worker, why)
        if index is not None:
            self._again(worker, index, why)

    def _cannot_start(self, worker, why):
        if worker.kind == "python":
            raise BatchFailed("the model cannot be loaded: %s" % why)
        print("Python scores, because the compiled model cannot be opened: %s" % why, flush=True)
        if worker in self.workers:
            self._end_worker(worker)
        self._leave_to_python()

    def _leave_to_python(self):
        self.todo["python"].extend(self.todo["onnx"])
        self.todo["onnx"].clear()

    def _again(self, worker, index, why):
        """A mini-batch that was not scored is tried again. What the compiled model leaves is Python's to judge."""
        names = self._names(index)
        if worker.kind == "onnx":
            print("Mini-batch %d (%s) is scored by Python: %s" % (index, names, why), flush=True)
            self.todo["python"].append(index)
            self.left_to_python += 1
            if self.left_to_python == FRUITLESS and "onnx" not in self.progress.by:
                print("So are all others, none having been scored by the compiled model.", flush=True)
                self._leave_to_python()
            return
        self.tries[index] = self.tries.get(index, 0) + 1
        tries = "try %d of %d" % (self.tries[index], self.settings.max_retries + 1)
        print("Mini-batch %d (%s) failed, %s: %s" % (index, names, tries, why), file=sys.stderr, flush=True)
        if self.tries[index] <= self.settings.max_retries:
            self.todo["python"].append(index)
        else:
            self._finish(index, {"ok": False, "rows": 0, "failed": len(self.batches[index])})

    def _names(self, index):
        batch = self.batches[index]
        names = ", ".join(item["name"] for item in batch[:3]) + (", …" if len(batch) > 3 else "")
        return "%s from row %d" % (names, batch[0]["first_row"]) if "first_row" in batch[0] else names

    def _finish(self, index, note):
        self.parts.keep(index, note)
        self._count(index, note)
        threshold, failed = self.settings.error_threshold, self._failed_files()
        if 0 <= threshold < failed:
            raise BatchFailed("%d files failed, more than the error threshold of %d" % (failed, threshold))

    def _start_worker(self, kind):
        worker = Worker(kind, self.settings, self.given, self.parts.folder)
        self.workers.append(worker)
        self.selector.register(worker.answers, selectors.EVENT_READ, worker)

    def _end_worker(self, worker):
        self.selector.unregister(worker.answers)
        worker.end()
        self.workers.remove(worker)
