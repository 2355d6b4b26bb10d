"""A weather service, for trying out what happens to those who need it when it gets slow.

    python weather_service.py --port 8090
    curl 'http://127.0.0.1:8090/weather?origin=EWR&hour=2013-12-02T13:00:00Z'
    curl -X PUT --data 320 http://127.0.0.1:8090/delay      # from now on an answer takes 320 ms
"""

import argparse
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

OBSERVED = json.loads((Path(__file__).parent / "weather.json").read_text())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    delay_ms = 0.0

    def do_GET(self):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        time.sleep(Handler.delay_ms / 1000)
        found = OBSERVED.get(f"{asked.get('origin')} {asked.get('hour')}")
        self.answer(404 if found is None else 200, found or {"error": "no observation of this airport and hour"})

    def do_PUT(self):
        Handler.delay_ms = float(self.rfile.read(int(self.headers.get("content-length", 0))))
        self.answer(200, {"delay_ms": Handler.delay_ms})

    def answer(self, status: int, body: dict):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one")
    parser.add_argument("--delay-ms", type=float, default=0.0)
    args = parser.parse_args()
    Handler.delay_ms = args.delay_ms
    server = ThreadingHTTPServer(("127.0.0.1", args.port), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
