"""Asks `pip-audit` which of a list of pinned requirements have known vulnerabilities.

    python audit.py REQUIREMENTS REPORT [--service pypi|osv] [--url URL]

The report is JSON: {"checked": true, "dependencies": [...]} as pip-audit has them, or {"checked": false, "reason": "..."}
where its service cannot be reached. Nothing is installed and nothing is resolved: what is listed is what is asked for.
"""

import argparse
import json
import os
import subprocess
import sys

SECONDS = 300


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("requirements")
    parser.add_argument("report")
    parser.add_argument("--service", default="pypi")
    parser.add_argument("--url")
    options = parser.parse_args()
    command = [sys.executable, "-m", "pip_audit", "--requirement", options.requirements, "--no-deps", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "15", "--vulnerability-service", options.service]
    if options.url:
        command += ["--osv-url", options.url]
    # A name that cannot be resolved must not be retried for minutes.
    report = ask(command, dict(os.environ, PIP_NO_INPUT="1"))
    with open(options.report, "w") as out:
        json.dump(report, out, indent=1)
    print("checked" if report["checked"] else "not checked: " + report["reason"])


def ask(command, environment):
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return {"checked": False, "reason": "pip-audit had no answer after %d s" % SECONDS}
    try:
        found = json.loads(done.stdout)
    except ValueError:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        return {"checked": False, "reason": lines[-1] if lines else "pip-audit ended with exit code %d" % done.returncode}
    return {"checked": True, "dependencies": found["dependencies"]}


if __name__ == "__main__":
    main()
