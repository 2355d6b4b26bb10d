"""One of the processes that score. It loads the model once, and is then handed mini-batches until there are none."""

import json
import logging
import os
import traceback

from .parts import Parts
from .rows import PartWriter
from .scorers import MlflowScorer, ScriptScorer
from .settings import Settings


class MiniBatchContext:
    """What a script is told of its mini-batch, where it takes a second argument."""

    def __init__(self, index):
        self.mini_batch_id = str(index)
        self.partition_key_value = {}
        self.dataset = None


def main(settings_text, model, state, orders_fd, answers_fd):
    """Reads orders, a JSON object a line, and answers each with one. Ends when the driver does."""
    settings = Settings(settings_text)
    logging.basicConfig(level=getattr(logging, settings.logging_level, logging.INFO))
    answers = os.fdopen(answers_fd, "w")
    orders = os.fdopen(orders_fd)

    def answer(value):
        answers.write(json.dumps(value) + "\n")
        answers.flush()

    try:
        scorer = (
            ScriptScorer(settings.script, []) if settings.script else MlflowScorer(model, settings.keep_columns)
        )
    except BaseException as error:  # a script's sys.exit() is a failure to start as well
        traceback.print_exc()
        answer({"started": False, "error": _words(error)})
        return 1
    answer({"started": True})
    parts = Parts(state, settings.output_format)
    for line in orders:
        order = json.loads(line)
        answer(_score(scorer, order, parts, settings))
    return 0


def _score(scorer, order, parts, settings):
    index, items = order["index"], order["items"]
    writes = settings.output_action != "summary_only"
    write = PartWriter(parts.path(index), settings.parts_format) if writes else None
    try:
        succeeded = scorer.score(items, MiniBatchContext(index), write)
        rows = 0
        if write is not None:
            write.close()
            rows = write.rows
        return {"index": index, "ok": True, "rows": rows, "failed": len(items) - succeeded}
    except BaseException as error:
        if write is not None:
            write.abandon()
        traceback.print_exc()
        if isinstance(error, (KeyboardInterrupt, MemoryError)):
            raise
        return {"index": index, "ok": False, "error": _words(error)}


def _words(error):
    return "%s: %s" % (type(error).__name__, error) if str(error) else type(error).__name__

