"""Reads pickles as Python does, with nothing in them ever imported or called.

The opcodes are those of the interpreter's own unpickler, so what it finds is what a load would ask for, however a pickle
hides it; every global is an inert stand-in. Arrays that joblib writes between the opcodes are passed over.
"""

import math
import pickle
import re


class Inert:
    """Stands for whatever a pickle asks for: can be made, called and filled, and does nothing."""

    asked = ("", "")

    def __new__(cls, *args, **_kwargs):
        self = object.__new__(cls)
        self.args = args
        self.state = None
        return self

    def __init__(self, *_args, **_kwargs):
        pass

    def __call__(self, *_args, **_kwargs):
        return Inert()

    def __setstate__(self, state):
        self.state = state

    def ignore(self, *_args):
        return None

    append = extend = add = update = __setitem__ = ignore


class InertUnpickler(pickle._Unpickler):
    """`found` has every (module, name) that loading would import."""

    # A copy: the table is the class's, and the interpreter's own must stay as it is.
    dispatch = dict(pickle._Unpickler.dispatch)

    def __init__(self, file, found):
        super().__init__(file, encoding="latin1")
        self.source = file
        self.found = found

    def find_class(self, module, name):
        self.found.add((str(module), str(name)))
        return type("Inert", (Inert,), {"asked": (module, name)})

    def persistent_load(self, _pid):
        return Inert()

    def load_build(self):
        pickle._Unpickler.load_build(self)
        built = self.stack[-1]
        if isinstance(built, Inert) and built.asked == ("joblib.numpy_pickle", "NumpyArrayWrapper"):
            self.pass_over_array(built.state)

    dispatch[pickle.BUILD[0]] = load_build

    def pass_over_array(self, wrapper):
        """The bytes of an array follow its wrapper in the file; of objects, a pickle of their own."""
        if not isinstance(wrapper, dict):
            raise pickle.UnpicklingError("an array wrapper of joblib's without a state")
        kind, size = element(wrapper.get("dtype"))
        if kind == "O":
            InertUnpickler(self.source, self.found).load()
            return
        if wrapper.get("numpy_array_alignment_bytes") is not None:
            padding = self.source.read(1)
            self.source.seek(padding[0] if padding else 0, 1)
        self.source.seek(size * math.prod(wrapper.get("shape") or ()), 1)


def element(dtype):
    """Kind and size in bytes of the elements of a pickled dtype."""
    name = dtype.args[0] if isinstance(dtype, Inert) and dtype.args else None
    match = re.fullmatch(r"[<>=|]?([a-zA-Z])(\d+)", name) if isinstance(name, str) else None
    if match is None:
        raise pickle.UnpicklingError("an array of joblib's whose elements are not known: %r" % (name,))
    kind, size = match.group(1), int(match.group(2))
    return kind, 4 * size if kind == "U" else size


def globals_in(file):
    """Every global of all pickles in an open file, one after the other, and what went wrong before its end."""
    found = set()
    while True:
        at = file.tell()
        if not file.read(1):
            return found, None
        file.seek(at)
        try:
            InertUnpickler(file, found).load()
        except Exception as error:  # Whatever a hostile file brings about is a file that cannot be read.
            return found, "%s after byte %d: %s" % (type(error).__name__, at, error)
        if file.tell() <= at:
            return found, "no end of the pickle at byte %d" % at
