"""The data collector that scoring scripts speak to by `azureml.ai.monitoring`, which posts to a port of this machine.

Here it is a port of the instance itself: what arrives is appended as a line to a file of the deployment's spool, from
where the control plane takes it up (src/serving/collection/spool.ts says what a line and a file are). The package sends
from a thread of its own with a bounded queue, so scoring waits for none of this.
"""

import http.server
import json
import os
import secrets
import threading
import time
from datetime import datetime, timezone

from .log import say

#: A file is closed, and so taken up, after so many seconds or bytes.
CLOSE_SECONDS = 2.0
CLOSE_BYTES = 8 * 1024 * 1024
LONGEST_BODY = 16 * 1024 * 1024


def start_collector(name):
    """Listens if the deployment collects anything, and tells the package where, by its own variables."""
    folder = os.environ.get("TWINLOOP_COLLECT_FOLDER")
    collections = os.environ.get("TWINLOOP_COLLECTIONS")
    if not folder or not collections:
        return
    os.makedirs(folder, exist_ok=True)
    config = os.path.join(folder, "%s.config" % name)
    with open(config, "w") as file:
        json.dump({"runMode": "cloud", "collections": json.loads(collections)}, file)
    secret = secrets.token_hex(16)
    spool = Spool(folder, name.rsplit(".", 1)[0])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(spool, secret))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    os.environ["AZUREML_MDC_CONFIG_PATH"] = config
    # The package puts the host into a URL as it is: so only this process's own children know the word in front.
    os.environ["AZUREML_MDC_HOST"] = "%s:@127.0.0.1" % secret
    os.environ["AZUREML_MDC_PORT"] = str(server.server_address[1])


def handler(spool, secret):
    import base64

    expected = "Basic " + base64.b64encode(("%s:" % secret).encode()).decode()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            if self.headers.get("Authorization") != expected:
                return self.reply(401)
            if self.path != "/modeldata/log":
                return self.reply(404)
            if length > LONGEST_BODY:
                return self.reply(413)
            body = self.rfile.read(length).decode("utf-8", "replace")
            try:
                spool.write(line_of(self.headers, body))
            except OSError as problem:
                say("Collected data cannot be kept: %s" % problem)
                return self.reply(507)
            return self.reply(200)

        def reply(self, status):
            self.send_response(status)
            self.send_header("Content-Length", "0")
            if status != 200:
                self.send_header("Connection", "close")
                self.close_connection = True
            self.end_headers()

        def log_message(self, *_):
            pass

    return Handler


def line_of(headers, body):
    seconds = headers.get("ce-time") or ""
    at = float(seconds) if seconds.replace(".", "", 1).isdigit() else time.time()
    said = {
        "kind": "logged",
        "id": headers.get("trace-id") or secrets.token_hex(16),
        "type": headers.get("ce-type") or "",
        "at": datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "correlationId": headers.get("ce-x-request-id"),
        "dataType": headers.get("ce-collect-data-type"),
        "agent": headers.get("ce-agent"),
        "modelVersion": headers.get("ce-model-version"),
        "contentType": headers.get("Content-Type") or "application/json",
        "body": body,
    }
    return json.dumps({key: value for key, value in said.items() if value is not None}) + "\n"


class Spool:
    """The instance's files in the deployment's spool: one is open, and closed soon."""

    def __init__(self, folder, name):
        self.folder = folder
        self.prefix = "%s-%d-%d" % (name, os.getpid(), int(time.time() * 1000))
        self.count = 0
        self.file = None
        self.opened = 0.0
        self.lock = threading.Lock()
        threading.Thread(target=self.close_in_time, daemon=True).start()

    def write(self, line):
        data = line.encode()
        with self.lock:
            if self.file is None:
                # Unbuffered, and one write for a line: what has been acknowledged outlives this process.
                self.file = open(self.path("open"), "ab", buffering=0)
                self.opened = time.monotonic()
            try:
                self.file.write(data)
            except OSError:
                self.close()
                raise
            if self.file.tell() > CLOSE_BYTES:
                self.close()

    def path(self, ending):
        return os.path.join(self.folder, "%s%06d.%s" % (self.prefix, self.count, ending))

    def close(self):
        self.file.close()
        self.file = None
        os.rename(self.path("open"), self.path("jsonl"))
        self.count += 1

    def close_in_time(self):
        while True:
            time.sleep(CLOSE_SECONDS / 2)
            with self.lock:
                if self.file is not None and time.monotonic() - self.opened > CLOSE_SECONDS:
                    self.close()
