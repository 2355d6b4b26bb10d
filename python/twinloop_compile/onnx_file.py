"""Writes ONNX files: the few parts of onnx.proto (https://onnx.ai/onnx/api/classes.html) that a graph here needs.

Written by hand so that a model's environment needs no package that it does not have already.
"""

import struct

import numpy

DOMAIN_ML = "ai.onnx.ml"
# The versions of the operators that are used: 19 has Equal for strings, ml 5 has TreeEnsemble in double precision.
OPSETS = (("", 19), (DOMAIN_ML, 5))
IR_VERSION = 9

FLOAT, UINT8, INT64, STRING, BOOL, DOUBLE = 1, 2, 7, 8, 9, 11
KINDS = {"float32": FLOAT, "uint8": UINT8, "int64": INT64, "bool": BOOL, "float64": DOUBLE}


def varint(number):
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def integer(field, value):
    return varint(field << 3) + varint(value)


def chunk(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def packed(field, values):
    return chunk(field, b"".join(map(varint, values)))


def tensor(array, name=""):
    """TensorProto of a NumPy array; one of objects or text is a tensor of strings."""
    array = numpy.asarray(array)
    body = b"".join(integer(1, size) for size in array.shape)
    if array.dtype.kind in "OU":
        body += integer(2, STRING) + b"".join(chunk(6, text) for text in array.ravel().tolist())
    else:
        body += integer(2, KINDS[array.dtype.name]) + chunk(9, array.astype(array.dtype.newbyteorder("<")).tobytes())
    return body + (chunk(8, name) if name else b"")


def attribute(name, value):
    """AttributeProto of an int, float, str, list of ints or NumPy array (a tensor)."""
    head = chunk(1, name)
    if isinstance(value, numpy.ndarray):
        return head + chunk(5, tensor(value)) + integer(20, 4)
    if isinstance(value, str):
        return head + chunk(4, value) + integer(20, 3)
    if isinstance(value, float):
        return head + varint(2 << 3 | 5) + struct.pack("<f", value) + integer(20, 1)
    if isinstance(value, int):
        return head + integer(3, value) + integer(20, 2)
    return head + packed(8, [int(item) for item in value]) + integer(20, 7)


def value_info(name, kind, width):
    """ValueInfoProto of a tensor of any number of rows; `width` None for one of one dimension."""
    dims = chunk(1, chunk(2, "rows")) + (b"" if width is None else chunk(1, integer(1, width)))
    return chunk(1, name) + chunk(2, chunk(1, integer(1, kind) + chunk(2, dims)))


class Graph:
    """An ONNX graph as it grows; every method that adds a node returns the name of its output."""

    def __init__(self):
        self.nodes = []
        self.constants = {}
        self.initializers = []
        self.inputs = []
        self.outputs = []

    def input(self, name, kind, width):
        self.inputs.append(value_info(name, kind, width))
        return name

    def output(self, name, source, kind, width=None):
        self.add("Identity", [source], name=name)
        self.outputs.append(value_info(name, kind, width))

    def constant(self, array):
        array = numpy.asarray(array)
        key = (array.dtype.str, array.shape, str(array.tolist()) if array.dtype.kind in "OU" else array.tobytes())
        if key not in self.constants:
            self.constants[key] = "c%d" % len(self.constants)
            self.initializers.append(tensor(array, self.constants[key]))
        return self.constants[key]

    def add(self, operator, inputs, domain="", name=None, **attributes):
        name = name or "v%d" % len(self.nodes)
        body = b"".join(chunk(1, each) for each in inputs) + chunk(2, name) + chunk(4, operator)
        body += b"".join(chunk(5, attribute(key, value)) for key, value in attributes.items())
        self.nodes.append(body + (chunk(7, domain) if domain else b""))
        return name

    def bytes(self):
        graph = b"".join(chunk(1, node) for node in self.nodes) + chunk(2, "model")
        graph += b"".join(chunk(5, each) for each in self.initializers)
        graph += b"".join(chunk(11, each) for each in self.inputs) + b"".join(chunk(12, each) for each in self.outputs)
        opsets = b"".join(chunk(8, chunk(1, domain) + integer(2, version)) for domain, version in OPSETS)
        return integer(1, IR_VERSION) + chunk(2, "twinloop") + chunk(7, graph) + opsets
