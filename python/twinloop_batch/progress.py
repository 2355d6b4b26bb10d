"""How far a batch scoring job is: in its log, and as metrics of its run where it has one."""

import json
import os
import time
import urllib.request

#: Seconds between two reports.
EVERY = 5.0


class Progress:
    def __init__(self, batches, files):
        self.batches = batches
        self.files = files
        self.done = 0
        self.rows = 0
        self.failed = 0
        self.reported = None
        self.by = {}
        self.began = time.monotonic()
        self.last = 0.0

    def count(self, rows, by, failed_files):
        """One more mini-batch is over; `by` says what scored it, None that nothing could."""
        self.done += 1
        self.rows += rows
        self.failed = failed_files
        self.by[by] = self.by.get(by, 0) + 1
        if time.monotonic() - self.last >= EVERY:
            self._report()

    def finish(self):
        if self.reported != self.done:
            self._report()
        if self.by.get("onnx"):
            python = self.by.get("python", 0)
            print("Scored by onnx: %d mini-batches%s." % (self.by["onnx"], "; by python: %d" % python if python else ""))

    def _report(self):
        self.last = time.monotonic()
        self.reported = self.done
        seconds = max(self.last - self.began, 1e-9)
        print(
            "%d of %d mini-batches, %d rows (%.0f/s), %d of %d files failed"
            % (self.done, self.batches, self.rows, self.rows / seconds, self.failed, self.files),
            flush=True,
        )
        self._log({"mini_batches_done": self.done, "mini_batches": self.batches, "rows": self.rows,
                   "failed_files": self.failed})

    def _log(self, metrics):
        """Progress is told, never waited for: a server that is away misses a report, and the scoring goes on."""
        uri, run = os.environ.get("MLFLOW_TRACKING_URI", ""), os.environ.get("MLFLOW_RUN_ID")
        if not uri.startswith("http") or not run:
            return
        now = int(time.time() * 1000)
        body = {
            "run_id": run,
            "metrics": [{"key": k, "value": v, "timestamp": now, "step": self.done} for k, v in metrics.items()],
        }
        request = urllib.request.Request(
            uri + "/api/2.0/mlflow/runs/log-batch",
            data=json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": "Bearer " + os.environ.get("MLFLOW_TRACKING_TOKEN", ""),
            },
        )
        try:
            urllib.request.urlopen(request, timeout=2).close()
        except OSError:
            pass
