"""What a batch scoring job is told, as one JSON object."""

import importlib.util
import json


class Settings:
    """The settings of a batch deployment, with Azure ML's defaults."""

    def __init__(self, text):
        given = json.loads(text)
        #: Scoring script below the working folder; None for an MLflow model, which needs none.
        self.script = given.get("script")
        #: Files in one mini-batch.
        self.mini_batch_size = max(1, int(given.get("mini_batch_size", 10)))
        #: Processes that score at once.
        self.concurrency = max(1, int(given.get("concurrency", 1)))
        #: Failed files that are borne; -1 bears all.
        self.error_threshold = int(given.get("error_threshold", -1))
        #: Tries after the first.
        self.max_retries = max(0, int(given.get("max_retries", 3)))
        #: Seconds that one mini-batch may take.
        self.timeout = float(given.get("timeout", 30))
        #: `append_row` or `summary_only`.
        self.output_action = given.get("output_action", "append_row")
        self.output_file_name = given.get("output_file_name") or "predictions.csv"
        self.logging_level = str(given.get("logging_level", "info")).upper()
        #: Input columns that an MLflow model's predictions are written beside.
        self.keep_columns = list(given.get("keep_columns") or [])
        #: What scores and why, as the deployment says it; '' where it says nothing.
        self.runtime = given.get("runtime") or ""
        #: Bytes above which a file of rows is scored in parts, each a mini-batch.
        self.part_bytes = int(given.get("part_bytes", 16 * 1024 * 1024))
        self.text = text

    @property
    def output_format(self):
        """`csv`, `jsonl` or `parquet`, by the name of the output file."""
        ending = self.output_file_name.rsplit(".", 1)[-1].lower()
        return {"parquet": "parquet", "pq": "parquet", "jsonl": "jsonl", "ndjson": "jsonl", "json": "jsonl"}.get(
            ending, "csv"
        )

    @property
    def parts_format(self):
        """The format of the parts: without pyarrow they are JSON Lines, of which Twinloop's own program makes Parquet."""
        return self.output_format if self.output_format != "parquet" or has_pyarrow() else "jsonl"


def has_pyarrow():
    return importlib.util.find_spec("pyarrow") is not None
