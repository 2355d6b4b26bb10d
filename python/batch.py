"""Scores data with a model, mini-batch after mini-batch, in several processes: the command of a batch scoring job."""

import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [p for p in sys.path if os.path.abspath(p or os.getcwd()) != here]
sys.path.insert(0, here)
from twinloop_batch.driver import main  # noqa: E402

# What stands beside this file is ours: a user's module of the same name must win from here on.
sys.path.remove(here)

if __name__ == "__main__":
    sys.exit(main())
