"""The instance's log, which a model's code cannot close: its own copy of standard error."""

import os

#: A file descriptor; not passed on to programs that the model starts.
LOG = os.dup(2)


def say(text):
    """Writes lines to the log, whatever has become of sys.stderr."""
    data = (text.rstrip("\n") + "\n").encode("utf-8", "replace")
    while data:
        try:
            data = data[os.write(LOG, data) :]
        except OSError:
            return  # Nobody reads it any more; the request that it tells of is still to be answered.


def keep_standard_streams():
    """A stream that the model's code has closed leads to the log again, so that no socket gets its number."""
    for stream in (0, 1, 2):
        try:
            os.fstat(stream)
        except OSError:
            os.dup2(LOG, stream)
