"""Builds a virtual environment by uv, and says so in a marker file only once all of it stands.

    python3 -I -S build_environment.py PLAN

PLAN is a JSON file: {"uv", "python", "folder", "requirements": [...], "constraints": [...], "marker"}. The environment
is made in its folder; its marker, {"folder", "python", "notes"}, is written last and at once, so a build that is killed
at any moment leaves none.
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
    """Runs a command that says what it does in our log, and returns its exit code."""
    return subprocess.call(command, env=env, stderr=subprocess.STDOUT)


# What git says if the network, and not the requirement, is at fault.
UNREACHABLE = re.compile(
    r"Could not resolve (?:host|proxy).*|Failed to connect.*|Connection (?:refused|timed out|reset).*"
    r"|Network is unreachable|Operation timed out.*"
)


def unreachable(requirement):
    """Why the git repository that a requirement comes from cannot be reached, or None if it can or there is none."""
    # Without the revision, `@main`, which comes after the path; an `@` before it is of the user's name.
    match = re.search(r"\bgit\+([a-z]+://[^/\s]*/[^@\s#;]*)", requirement)
    if match is None:
        return None
    try:
        asked = subprocess.run(
            ["git", "ls-remote", match.group(1), "HEAD"],
            env=dict(os.environ, GIT_TERMINAL_PROMPT="0"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            timeout=60,
        )
    except OSError:
        return "this machine has no git"
    except subprocess.TimeoutExpired:
        return "no answer within 60 seconds"
    problem = UNREACHABLE.search(asked.stderr)
    return problem and problem.group().strip()


def write_lines(plan, name, lines):
    path = os.path.join(plan["folder"], name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))
    return path


def install(plan, python, env):
    """Installs the requirements but those whose repository cannot be reached, and returns a note for each of these."""
    reasons = [(requirement, unreachable(requirement)) for requirement in plan["requirements"]]
    notes = [
        "%s could not be fetched (%s): the environment was built without it." % (requirement, reason)
        for requirement, reason in reasons
        if reason
    ]
    for note in notes:
        say("[twinloop] " + note)
    requirements = write_lines(plan, "requirements.txt", [r for r, reason in reasons if not reason])
    constraints = write_lines(plan, "constraints.txt", plan["constraints"])
    files = ["--requirement", requirements, "--constraint", constraints]
    if run([plan["uv"], "pip", "install", "--python", python] + files, env) != 0:
        sys.exit(1)
    return notes


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        plan = json.load(file)
    env = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_NO_PROGRESS="1", NO_COLOR="1", **pip_settings(plan["python"]))
    say("[twinloop] Building a Python environment of:")
    for requirement in plan["requirements"]:
        say("[twinloop]   " + requirement)
    os.chdir(plan["folder"])
    venv = os.path.join(plan["folder"], "venv")
    if run([plan["uv"], "venv", "--no-project", "--python", plan["python"], venv], env) != 0:
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
