"""What flows through a pipeline while it is compiled: the input's columns, then blocks of numbers."""

import numpy

from .onnx_file import BOOL, DOUBLE, INT64, STRING, Graph

# Stands for a missing text in a tensor of strings, which has no nulls; texts that begin so have it doubled.
MISSING = "\ue000"
NUMBERS, TEXTS = "numbers", "texts"
NUMERIC = ("double", "float", "long", "integer", "boolean")


class Unconvertible(Exception):
    """Why a model cannot be compiled, as one sentence for who deploys it."""


class Column:
    """One column of the model's signature and where it is in the packed input tensors."""

    __slots__ = ("name", "type", "position")

    def __init__(self, name, type, position):
        self.name = name
        self.type = type
        self.position = position

    @property
    def text(self):
        return self.type == "string"


class Origin:
    """Where a column of a block comes from: `scale` times the input column plus `offset`."""

    __slots__ = ("column", "scale", "offset")

    def __init__(self, column, scale=1.0, offset=0.0):
        self.column = column
        self.scale = scale
        self.offset = offset


class Block:
    """A tensor of doubles, rows by columns. `single`: what Python has there is of 32 bits, so each step rounds to that."""

    __slots__ = ("tensor", "origins", "single")

    def __init__(self, tensor, origins, single=False):
        self.tensor = tensor
        self.origins = origins
        self.single = single

    @property
    def width(self):
        return len(self.origins)


class Compilation:
    """A graph in the making, with what the rows of its proof are to be made of.

    `frame` makes, of rows by column name, the DataFrame that the model sees when it is served by Python.
    """

    def __init__(self, columns, frame):
        self.columns = columns
        self.frame = frame
        self.graph = Graph()
        self.refusals = {}
        self.cuts = {column.name: set() for column in columns}
        self.values = {column.name: [] for column in columns}
        for name, kind in ((NUMBERS, DOUBLE), (TEXTS, STRING)):
            packed = [column for column in columns if column.text == (name == TEXTS)]
            if packed:
                self.graph.input(name, kind, len(packed))

    def add(self, operator, inputs, **attributes):
        return self.graph.add(operator, inputs, **attributes)

    def constant(self, value, kind="float64"):
        return self.graph.constant(numpy.asarray(value, dtype=kind))

    def block(self, columns):
        """The numeric columns as a block."""
        texts = [column.name for column in columns if column.text]
        if texts:
            raise Unconvertible("text reaches a step that takes numbers only, in the columns %s" % ", ".join(texts))
        single = all(column.type == "float" for column in columns)
        packed = [column for column in self.columns if not column.text]
        positions = [column.position for column in columns]
        origins = [Origin(column.name) for column in columns]
        if positions == list(range(len(packed))):
            return Block(NUMBERS, origins, single)
        return Block(self.add("Gather", [NUMBERS, self.constant(positions, "int64")], axis=1), origins, single)

    def apply(self, block, operator, *operands):
        """One arithmetic step on a block, rounded as Python would."""
        result = self.add(operator, [block.tensor, *[self.constant(each) for each in operands]])
        return self.rounded(result) if block.single else result

    def rounded(self, tensor):
        """To 32 bits and back, as where Python keeps numbers of 32 bits."""
        return self.add("Cast", [self.add("Cast", [tensor], to=1)], to=DOUBLE)

    def concatenate(self, blocks):
        blocks = [block for block in blocks if block.width > 0]
        if not blocks:
            raise Unconvertible("a step has no columns")
        if len(blocks) == 1:
            return blocks[0]
        tensor = self.add("Concat", [block.tensor for block in blocks], axis=1)
        origins = [origin for block in blocks for origin in block.origins]
        return Block(tensor, origins, all(block.single for block in blocks))

    def select(self, block, indices):
        indices = [int(index) for index in indices]
        if indices == list(range(block.width)):
            return block
        tensor = self.add("Gather", [block.tensor, self.constant(indices, "int64")], axis=1)
        return Block(tensor, [block.origins[index] for index in indices], block.single)

    def cut(self, origin, threshold):
        """Remembers that the model tells rows apart at this value of a block's column."""
        if origin is not None and numpy.isfinite(threshold) and origin.scale != 0:
            self.cuts[origin.column].add((float(threshold) - origin.offset) / origin.scale)

    def require_finite(self, block, allow_nan):
        """Rows with an infinity (or a NaN, unless allowed) are refused, as scikit-learn refuses them."""
        key = (block.tensor, allow_nan)
        if key in self.refusals:
            return
        if allow_nan:
            bad = self.add("Cast", [self.add("IsInf", [block.tensor])], to=1)
            bad = self.add("ReduceMax", [bad, self.constant([1], "int64")], keepdims=0)
        else:
            # Zero times a number is zero, unless it is none.
            nought = self.add("Mul", [block.tensor, self.constant(0.0)])
            total = self.add("ReduceSum", [nought, self.constant([1], "int64")], keepdims=0)
            bad = self.add("Cast", [self.add("IsNaN", [total])], to=1)
        self.refusals[key] = bad

    def refuse(self, flags):
        """Rows whose flag (a tensor of one dimension of 32-bit floats) is 1 are refused."""
        self.refusals[flags] = flags

    def finish_refusals(self):
        """The tensor of booleans that says which rows Python would raise an error for; None if there are none such."""
        flags = list(self.refusals.values())
        if not flags:
            return None
        total = flags[0]
        for flag in flags[1:]:
            total = self.add("Add", [total, flag])
        return self.add("Cast", [total], to=BOOL)

    def to_int64(self, tensor):
        return self.add("Cast", [tensor], to=INT64)
