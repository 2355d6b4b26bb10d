"""One instance of a deployed model: loads it, then answers the scoring gateway over a Unix socket.

Runs in the deployment's own environment, so it needs nothing but the standard library (Python 3.8 to 3.13); what a
model needs, the model's environment has. Started by the control plane, it does not depend on it afterwards.

    python runtime.py --sockets FOLDER --name NAME [--source FOLDER --script FILE]

The socket `FOLDER/NAME` appears when the model is loaded and the instance can answer, not before. Without a script the
model below AZUREML_MODEL_DIR must be an MLflow model. SIGTERM lets the requests that have arrived end, then exits 0.
"""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [p for p in sys.path if os.path.abspath(p or os.getcwd()) != here]
sys.path.insert(0, here)
from twinloop_runtime.server import main  # noqa: E402

# What stands beside this file is ours: a user's module of the same name must win from here on.
sys.path.remove(here)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
