"""One column of a request brought to the type that a model's signature says, or the row that cannot be."""

import base64
import binascii
import math

from .answers import BadInput

INTEGER_BITS = {"integer": 32, "long": 64}
NONE = type(None)


def cast(values, name, wanted):
    """`values` (a list, as JSON has them) as `wanted` (MLflow's name of the type). Types that are no plain column pass as they are."""
    if wanted in ("double", "float"):
        return to_float(values, name, wanted)
    if wanted in INTEGER_BITS:
        return to_integer(values, name, wanted)
    if wanted == "boolean":
        refuse(values, name, wanted, {bool}, lambda v: isinstance(v, bool))
        return values
    if wanted == "string":
        refuse(values, name, wanted, {str, NONE}, lambda v: isinstance(v, str) or missing(v))
        return [None if missing(v) else v for v in values]
    if wanted == "datetime":
        return to_datetime(values, name)
    if wanted == "binary":
        return [decode(v, name) for v in values]
    return values


def to_float(values, name, wanted):
    import numpy

    refuse(values, name, wanted, {float, int, NONE}, number_or_missing)
    try:
        return numpy.array(values, dtype="float64" if wanted == "double" else "float32")
    except OverflowError:
        refuse(values, name, wanted, set(), fits_double)
        raise


def to_integer(values, name, wanted):
    import numpy

    bits = INTEGER_BITS[wanted]
    low, high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    # 3.0 is an integer: JSON written by JavaScript cannot tell it from 3.
    whole = lambda v: number(v) and math.isfinite(v) and v == int(v) and low <= v <= high
    refuse(values, name, wanted, set(), whole)
    return numpy.array([int(v) for v in values], dtype="int%d" % bits)


def to_datetime(values, name):
    import pandas

    for row, value in enumerate(values):
        try:
            pandas.Timestamp(value)
        except (TypeError, ValueError):
            wrong(name, "datetime", row, value)
    return pandas.to_datetime(values)


def decode(value, name):
    try:
        return base64.b64decode(value, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise BadInput('Column "%s" should be binary, sent as base64.' % name)


def refuse(values, name, wanted, types, good):
    """BadInput for the first value that is not good; types that always are save looking at each."""
    if types and set(map(type, values)) <= types:
        return
    for row, value in enumerate(values):
        if not good(value):
            wrong(name, wanted, row, value)


def wrong(name, wanted, row, value):
    shown = "a missing value" if missing(value) else repr(value)[:80]
    hint = " (only float and double columns can have missing values)" if missing(value) else ""
    raise BadInput('Column "%s" should be %s; row %d has %s%s.' % (name, wanted, row, shown, hint))


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def number_or_missing(value):
    return number(value) or value is None


def fits_double(value):
    try:
        return value is None or math.isfinite(float(value)) or not isinstance(value, int)
    except OverflowError:
        return False


def missing(value):
    return value is None or (isinstance(value, float) and math.isnan(value))
