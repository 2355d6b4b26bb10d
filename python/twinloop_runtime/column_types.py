"""One column brought to the type that a model's signature says, or the row that cannot be."""

import base64
import binascii
import math

from .answers import BadInput

INTEGER_BITS = {"integer": 32, "long": 64}


def cast(column, name, wanted):
    """`column` (a pandas Series) as `wanted` (MLflow's name of the type). Types that are no plain column pass as they are."""
    if wanted in ("double", "float"):
        return to_float(column, name, wanted)
    if wanted in INTEGER_BITS:
        return to_integer(column, name, wanted)
    if wanted == "boolean":
        if column.dtype.kind != "b":
            refuse(column, name, wanted, lambda v: not isinstance(v, bool))
        return column
    if wanted == "string":
        refuse(column, name, wanted, lambda v: not (isinstance(v, str) or missing(v)))
        return column
    if wanted == "datetime":
        return to_datetime(column, name)
    if wanted == "binary":
        return column.map(lambda v: decode(v, name))
    return column


def to_float(column, name, wanted):
    size = "float64" if wanted == "double" else "float32"
    if column.dtype == size:
        return column
    if column.dtype.kind not in "iuf":
        refuse(column, name, wanted, lambda v: not (number(v) or missing(v)))
    return column.astype(size)


def to_integer(column, name, wanted):
    bits = INTEGER_BITS[wanted]
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    if column.dtype.kind not in "iu" or len(column) and not (low <= column.min() and column.max() <= high):
        # 3.0 is an integer: JSON written by JavaScript cannot tell it from 3.
        refuse(column, name, wanted, lambda v: not (number(v) and float(v).is_integer() and low <= v <= high))
    return column.astype("int%d" % bits)


def to_datetime(column, name):
    import pandas

    if column.dtype.kind == "M":
        return column
    for row, value in enumerate(column):
        try:
            pandas.Timestamp(value)
        except (TypeError, ValueError):
            wrong(name, "datetime", row, value)
    return pandas.to_datetime(column)


def decode(value, name):
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise BadInput('Column "%s" should be binary, sent as base64.' % name)


def refuse(column, name, wanted, bad):
    for row, value in enumerate(column):
        if bad(value):
            wrong(name, wanted, row, value)


def wrong(name, wanted, row, value):
    shown = "a missing value" if missing(value) else repr(value)[:80]
    hint = " (only float and double columns can have missing values)" if missing(value) else ""
    raise BadInput('Column "%s" should be %s; row %d has %s%s.' % (name, wanted, row, shown, hint))


def number(value):
    return not isinstance(value, bool) and hasattr(value, "__float__") and not isinstance(value, str) and not missing(value)


def missing(value):
    return value is None or (isinstance(value, float) and math.isnan(value))
