"""Installs uv below a folder with the pip of the Python that runs this, and says where in a marker file.

    python3 -I install_uv.py FOLDER MARKER
"""

import json
import os
import subprocess
import sys

REQUIREMENT = "uv>=0.8"


def attempts(folder):
    """Commands that lead to an uv, each with where it would then be. A Debian Python has pip, venv, both or neither."""
    yield (
        [[sys.executable, "-m", "pip", "install", "--target", os.path.join(folder, "uv"), REQUIREMENT]],
        os.path.join(folder, "uv", "bin", "uv"),
    )
    venv = os.path.join(folder, "venv")
    yield (
        [
            [sys.executable, "-m", "venv", "--clear", venv],
            [os.path.join(venv, "bin", "python"), "-m", "pip", "install", REQUIREMENT],
        ],
        os.path.join(venv, "bin", "uv"),
    )


def main():
    folder, marker = sys.argv[1:]
    for commands, uv in attempts(folder):
        if all(subprocess.call(command) == 0 for command in commands) and subprocess.call([uv, "--version"]) == 0:
            temporary = "%s.%d.tmp" % (marker, os.getpid())
            with open(temporary, "w", encoding="utf-8") as file:
                json.dump({"folder": folder, "uv": uv}, file)
                file.flush()
                os.fsync(file.fileno())
            os.rename(temporary, marker)
            return
    sys.exit("Neither pip nor venv of %s can install uv: put uv on PATH (https://docs.astral.sh/uv)." % sys.executable)


main()
