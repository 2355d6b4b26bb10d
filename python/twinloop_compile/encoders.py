"""Encoders of categories. What one makes of each value of a column is asked of it, and written down as a table."""

import math

import numpy

from .columns import MISSING, Block, Unconvertible
from .onnx_file import DOMAIN_ML

ENCODERS = ("OneHotEncoder", "OrdinalEncoder", "TargetEncoder")
MOST_CATEGORIES = 100000


def is_encoder(step):
    """True for an encoder, and for a pipeline of one behind an imputer: each makes of a column's value what it makes of
    it whatever the other columns have, which is what lets it be written down."""
    steps = [each for _, each in step.steps] if hasattr(step, "steps") else [step]
    names = [type(each).__name__ for each in steps if not is_idle(each)]
    return bool(names) and names[-1] in ENCODERS and all(name == "SimpleImputer" for name in names[:-1])


def is_idle(step):
    return step is None or (isinstance(step, str) and step == "passthrough")


def encode(work, step, columns):
    """The block that a fitted encoder makes of these input columns."""
    steps = [each for _, each in step.steps if not is_idle(each)] if hasattr(step, "steps") else [step]
    encoder = steps[-1]
    if len(encoder.categories_) != len(columns):
        raise Unconvertible("an encoder has lost columns that were empty in training")
    if any(getattr(each, "add_indicator", False) for each in steps):
        raise Unconvertible("an imputer with indicators stands before an encoder")
    widths = output_widths(encoder, len(columns))
    known = [vocabulary(column, steps, position) for position, column in enumerate(columns)]
    usual = {column.name: (values[0] if values else 0) for column, values in zip(columns, known)}
    blocks, begin = [], 0
    for position, column in enumerate(columns):
        keys = known[position]
        work.values[column.name].extend(keys[:1000])
        # One row for each known value, then one for a missing value, then one for any other.
        values = keys + [None, unknown_value(column, keys)]
        rows = [dict(usual, **{column.name: value}) for value in values]
        table, refused = tabulate(work, step, columns, rows, slice(begin, begin + widths[position]), column)
        blocks.append(look_up(work, column, keys, table, refused))
        begin += widths[position]
    return work.concatenate(blocks)


def output_widths(encoder, count):
    if type(encoder).__name__ == "OneHotEncoder":
        return [int(width) for width in encoder._n_features_outs]
    if type(encoder).__name__ == "TargetEncoder":
        return [len(encoder.encodings_) // count] * count
    return [1] * count


def vocabulary(column, steps, position):
    """Every value that any of the steps knows of a column, as the column has them (texts, or numbers)."""
    values = list(steps[-1].categories_[position])
    values += [step.statistics_[position] for step in steps[:-1]]
    if column.text:
        found = [str(value) for value in values if isinstance(value, str)]
    else:
        found = [float(value) for value in values if not isinstance(value, str) and value is not None]
        found = [value for value in found if math.isfinite(value) and (value == int(value) or column.type in ("double", "float"))]
        if column.type in ("long", "integer", "boolean"):
            found = [bool(value) if column.type == "boolean" else int(value) for value in found]
    found = list(dict.fromkeys(found))
    if len(found) > MOST_CATEGORIES:
        raise Unconvertible('column "%s" has more than %d categories' % (column.name, MOST_CATEGORIES))
    return found


def unknown_value(column, keys):
    if column.type == "boolean":
        return next((value for value in (False, True) if value not in keys), keys[0])
    if not column.text:
        return max(keys, default=0) + 1
    value = "unknown"
    while value in keys:
        value += "_"
    return value


def tabulate(work, step, columns, rows, part, column):
    """What the step makes of each row in its columns `part`, and for which rows it raises an error instead."""
    names = [each.name for each in columns]
    refused = numpy.zeros(len(rows), dtype=bool)
    if column.type in ("long", "integer", "boolean"):
        # Such a column cannot be missing: the request would have been refused. The row stands for nothing.
        rows[-2] = rows[-1]
    try:
        table = ask(work, step, names, rows)
        if column.text and not numpy.array_equal(table[-2], ask(work, step, names, [rows[-2]])[0], equal_nan=True):
            # pandas may keep a missing text in other ways among texts than alone, which encoders tell apart: what
            # comes of it depends on the other rows of the request. That is left to Python.
            refused[-2] = True
    except Exception:
        parts = []
        for number, row in enumerate(rows):
            try:
                parts.append(ask(work, step, names, [row]))
            except Exception:
                refused[number] = True
                parts.append(None)
        sample = next((each for each in parts if each is not None), None)
        if sample is None:
            raise Unconvertible('an encoder of column "%s" takes no value' % column.name)
        table = numpy.vstack([numpy.zeros_like(sample) if each is None else each for each in parts])
    return numpy.asarray(table[:, part], dtype="float64"), refused


def ask(work, step, names, rows):
    made = step.transform(work.frame(rows)[names])
    made = made.toarray() if hasattr(made, "toarray") else made
    return numpy.asarray(made, dtype="float64")


def look_up(work, column, keys, table, refused):
    """A block of the table's row for each value: its key's, the missing value's (last but one) or any other's (last)."""
    missing, other = len(keys), len(keys) + 1
    index = numpy.arange(len(keys) + 1, dtype="int64")
    source = work.add("Gather", ["texts" if column.text else "numbers", work.constant(column.position, "int64")], axis=1)
    if column.text:
        names = numpy.array([MISSING + key if key.startswith(MISSING) else key for key in keys] + [MISSING], dtype=object)
        rows = label(work, source, names, index, numpy.array([other], dtype="int64"))
    else:
        numbers = numpy.array([float(key) for key in keys] + [numpy.nan])
        rows = work.to_int64(label(work, source, numbers, index.astype("float64"), numpy.array([float(other)])))
    if refused.any():
        work.refuse(work.add("Gather", [work.constant(refused, "float32"), rows], axis=0))
    tensor = work.add("Gather", [work.constant(table), rows], axis=0)
    return Block(tensor, [None] * table.shape[1])


def label(work, source, keys, values, default):
    return work.add(
        "LabelEncoder", [source], domain=DOMAIN_ML, keys_tensor=keys, values_tensor=values, default_tensor=default
    )
