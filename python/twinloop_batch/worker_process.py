"""The processes that score, as the driver sees them: `worker.py` in Python, or Twinloop's own for compiled models.

Both are started with the settings, the model's folder, the folder of the parts and two file descriptors. They read
orders (``{"index", "items"}``) and answer each, JSON objects a line; the first answer says whether the model was loaded.
"""

import json
import os
import subprocess
import sys
import time


def python_command():
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    # The path is ours only while our own modules are imported: a script's of the same name must win afterwards.
    code = (
        "import sys; sys.path.insert(0, %r); from twinloop_batch.worker import main; sys.path.remove(%r); "
        "sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))" % (home, home)
    )
    return [sys.executable, "-c", code]


def node_command(variable):
    """The program of Twinloop's own that a variable names."""
    program = os.path.join(os.environ["TWINLOOP_PROGRAMS"], os.environ[variable])
    return [os.environ["TWINLOOP_NODE"], "--disable-warning=ExperimentalWarning", program]


class Worker:
    """A process that scores, and what it is doing."""

    def __init__(self, kind, settings, given, state):
        self.kind = kind
        orders_out, orders_in = os.pipe()
        answers_out, answers_in = os.pipe()
        command = node_command("TWINLOOP_BATCH_PROGRAM") if kind == "onnx" else python_command()
        model = given.compiled if kind == "onnx" else given.model
        self.process = subprocess.Popen(
            command + [settings.text, model, state, str(orders_out), str(answers_in)],
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
