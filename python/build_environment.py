"""Builds a virtual environment by uv, and says so in a marker file only once all of it stands.

    python3 -I -S build_environment.py PLAN

PLAN is a JSON file: {"uv", "python", "folder", "requirements": [...], "marker"}. The environment is made in its folder;
its marker, {"folder", "python", "notes"}, is written last and at once, so a build that is killed at any moment leaves
none.
"""

import json
import os
import re
import subprocess
import sys

# pip's settings that uv knows by another name, and would otherwise not find.
PIP_SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}


def say(text):
    print(text, flush=True)


def pip_settings(python):
    """What pip's files and variables say about indexes, proxies' certificates and patience, as variables for uv."""
    try:
        listed = subprocess.run(
            [python, "-m", "pip", "config", "list"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
        ).stdout
    except OSError:
        return {}
    found = {}
    for name, value in re.findall(r"^[^.=]*\.([a-z-]+)='(.*)'$", listed, re.MULTILINE):
        variable = PIP_SETTINGS.get(name)
        values = value.replace("\\n", " ").split()
        if name == "find-links":
            # uv refuses a folder that is not there; pip only remarks on it.
            values = [item for item in values if "://" in item or os.path.isdir(item)]
        if variable and values and variable not in os.environ:
            found[variable] = ",".join(values) if name == "find-links" else " ".join(values)
    return found


def run(command, env):
    """Runs a command, copies what it says to the log, and returns (exit code, what it said)."""
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, errors="replace"
    )
    said = []
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        said.append(line)
    return process.wait(), "".join(said)


# What git (or uv, without git) says if the network, and not the requirement, is at fault.
UNREACHABLE = (
    r"Could not resolve (?:host|proxy)[^\n]*|Failed to connect[^\n]*|Connection (?:refused|timed out|reset)[^\n]*"
    r"|Network is unreachable|[^\n]*Git executable not found[^\n]*"
)


def repository(requirement):
    """The address of a requirement that comes from version control, or None."""
    match = re.search(r"\b(?:git|hg|svn|bzr)\+([^\s@#;]+(?:@[^\s/@#;]+/[^\s@#;]*)?)", requirement)
    return match and match.group(1).rstrip("/")


def install(plan, python, env):
    """Installs the requirements; those whose repository cannot be reached are left out, and noted."""
    wanted, notes = list(plan["requirements"]), []
    while True:
        path = os.path.join(plan["folder"], "requirements.txt")
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in wanted))
        code, said = run([plan["uv"], "pip", "install", "--python", python, "--requirement", path], env)
        if code == 0:
            return notes
        reason = re.search(UNREACHABLE, said)
        unreachable = [r for r in wanted if reason and repository(r) and repository(r) in said]
        if not unreachable:
            sys.exit(1)
        for requirement in unreachable:
            wanted.remove(requirement)
            notes.append(
                "%s could not be fetched (%s): the environment was built without it."
                % (requirement, reason.group().strip())
            )
            say("[twinloop] " + notes[-1])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    env = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_NO_PROGRESS="1", NO_COLOR="1", **pip_settings(plan["python"]))
    say("[twinloop] Building a Python environment of:")
    for requirement in plan["requirements"]:
        say("[twinloop]   " + requirement)
    os.chdir(plan["folder"])
    venv = os.path.join(plan["folder"], "venv")
    code, _ = run([plan["uv"], "venv", "--no-project", "--python", plan["python"], venv], env)
    if code != 0:
        sys.exit(1)
    python = os.path.join(venv, "bin", "python")
    notes = install(plan, python, env)
    temporary = "%s.%d.tmp" % (plan["marker"], os.getpid())
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump({"folder": plan["folder"], "python": python, "notes": notes}, file)
        file.flush()
        os.fsync(file.fileno())
    os.rename(temporary, plan["marker"])
    say("[twinloop] The environment is ready.")


main()
