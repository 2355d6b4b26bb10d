"""From a request's JSON to what a model's predict() takes: a DataFrame by its signature, or arrays.

A body says its rows in one of these ways, `params` beside it where the model has parameters:
    {"input_data": {"columns": [...], "index": [...], "data": [[...]]}}     Azure ML; index may be missing
    {"input_data": [[...]]} or [{...}] or {"name": tensor}                  Azure ML; lists are positional
    {"dataframe_split": {...}}  {"dataframe_records": [{...}]}              MLflow
    {"instances": [...]}  {"inputs": ...}                                   MLflow, TensorFlow Serving
"""

import difflib
import io

from .answers import BadInput
from .column_types import cast

SHAPES = ("input_data", "dataframe_split", "dataframe_records", "instances", "inputs")


def read_input(body, schema):
    """(what predict takes, params or None). BadInput says which column, row or key is wrong and what was expected."""
    if not isinstance(body, dict):
        raise BadInput("The body should be a JSON object with one of %s; it is a %s." % (quoted(SHAPES), kind_of(body)))
    given = [key for key in SHAPES if key in body]
    if len(given) != 1:
        raise BadInput(
            "The body should have exactly one of %s; it has %s." % (quoted(SHAPES), quoted(given or body) or "nothing")
        )
    params = body.get("params")
    if params is not None and not isinstance(params, dict):
        raise BadInput("params should be an object, not a %s." % kind_of(params))
    return rows_of(given[0], body[given[0]], schema), params


def rows_of(key, value, schema):
    if schema is not None and schema.is_tensor_spec():
        return tensors(key, value, schema)
    if isinstance(value, dict):
        if "data" in value and (key == "dataframe_split" or "columns" in value):
            return split(key, value, schema)
        if key in ("input_data", "inputs"):
            return by_column(key, value, schema)
        raise BadInput("%s should be %s." % (key, EXPECTED[key]))
    if not isinstance(value, list) or key == "dataframe_split":
        raise BadInput("%s should be %s; it is a %s." % (key, EXPECTED[key], kind_of(value)))
    if value and all(isinstance(row, dict) for row in value):
        return records(key, value, schema)
    if key == "dataframe_records":
        raise BadInput("%s should be %s." % (key, EXPECTED[key]))
    return positional(key, value, schema)


EXPECTED = {
    "input_data": 'an object {"columns", "index", "data"} or a list of rows',
    "dataframe_split": 'an object {"columns", "data"}',
    "dataframe_records": "a list of objects, one a row",
    "instances": "a list of rows",
    "inputs": "a list of rows or an object of columns",
}


def split(key, value, schema):
    rows = value["data"]
    columns = value.get("columns")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadInput("%s.data should be a list of rows, each a list." % key)
    if columns is None:
        return positional(key + ".data", rows, schema)
    if not isinstance(columns, list):
        raise BadInput("%s.columns should be a list of names, not a %s." % (key, kind_of(columns)))
    check_widths(key + ".data", rows, columns)
    index = value.get("index")
    if index is not None and (not isinstance(index, list) or len(index) != len(rows)):
        raise BadInput("%s.index should be a list as long as data (%d)." % (key, len(rows)))
    repeated = sorted({str(name) for name in columns if columns.count(name) > 1})
    if repeated:
        raise BadInput("%s.columns names %s more than once." % (key, quoted(repeated)))
    return frame(by_name(rows, columns), schema, index)


def records(key, rows, schema):
    names = list(dict.fromkeys(name for row in rows for name in row))
    for number, row in enumerate(rows):
        missing = [name for name in names if name not in row and name in required(schema)]
        if missing:
            raise BadInput("Row %d of %s has no %s." % (number, key, quoted(missing)))
    return frame({name: [row.get(name) for row in rows] for name in names}, schema)


def by_column(key, columns, schema):
    if schema is None:
        return {name: plain_array("%s.%s" % (key, name), values) for name, values in columns.items()}
    lists = {name: values if isinstance(values, list) else [values] for name, values in columns.items()}
    lengths = {name: len(values) for name, values in lists.items()}
    if len(set(lengths.values())) > 1:
        raise BadInput("The columns of %s should be of one length; they have %s." % (key, lengths))
    return frame(lists, schema)


def positional(key, rows, schema):
    if schema is None or not schema.has_input_names():
        return plain_array(key, rows)
    names = schema.input_names()
    if len(names) == 1:
        rows = [row if isinstance(row, list) else [row] for row in rows]
    if not all(isinstance(row, list) for row in rows):
        raise BadInput("%s should be a list of rows, each a list of %d values: %s." % (key, len(names), quoted(names)))
    check_widths(key, rows, names)
    return frame(by_name(rows, names), schema)


def plain_array(key, rows):
    import numpy

    try:
        return numpy.asarray(rows)
    except ValueError as problem:
        raise BadInput("%s is not a regular array: %s." % (key, problem))


def check_widths(key, rows, columns):
    for number, row in enumerate(rows):
        if len(row) != len(columns):
            raise BadInput(
                "Row %d of %s has %d values where there should be %d: %s."
                % (number, key, len(row), len(columns), quoted(columns))
            )


def by_name(rows, names):
    return {str(name): [row[i] for row in rows] for i, name in enumerate(names)}


def read_csv(text, schema):
    """A DataFrame from CSV with a header, as MLflow's /invocations takes it."""
    import pandas

    try:
        table = pandas.read_csv(io.StringIO(text), dtype={name: str for name in strings(schema)})
    except ValueError as problem:
        raise BadInput("The body is not CSV: %s." % problem)
    return frame({str(name): table[name].tolist() for name in table.columns}, schema)


def row_count(data):
    """Rows of what predict takes; None where they cannot be told."""
    if isinstance(data, dict):
        data = next(iter(data.values()), None)
    try:
        return len(data)
    except TypeError:
        return None


def no_rows():
    return BadInput("The input has no rows: at least one is needed.")


def frame(columns, schema, index=None):
    """A DataFrame of columns (lists by name): the signature's, in its order and types. Others are left out, as MLflow does."""
    import numpy
    import pandas

    if schema is None or not schema.has_input_names():
        return pandas.DataFrame(columns, index=index)
    missing = [name for name in required(schema) if name not in columns]
    if missing:
        unknown = [name for name in columns if name not in schema.input_names()]
        raise BadInput("The model needs %s, which the input has not.%s" % (quoted(missing), hints(missing, unknown)))
    wanted = [spec for spec in schema.inputs if spec.name in columns]
    cast_columns = {spec.name: cast(columns[spec.name], spec.name, getattr(spec.type, "name", None)) for spec in wanted}
    types = {getattr(column, "dtype", None) for column in cast_columns.values()}
    if len(types) == 1 and None not in types and types.pop().kind in "fi":
        # One block of one type is made several times faster than column by column.
        return pandas.DataFrame(numpy.array(list(cast_columns.values())).T, columns=list(cast_columns), index=index)
    return pandas.DataFrame(cast_columns, index=index)


def hints(missing, unknown):
    said = []
    for name in missing:
        near = difflib.get_close_matches(name, unknown, 1, 0.6)
        if near:
            said.append('"%s" should be "%s"' % (near[0], name))
    if said:
        return " Perhaps %s." % ", ".join(said)
    return " It has, unknown to the model: %s." % quoted(unknown) if unknown else ""


def required(schema):
    if schema is None or not schema.has_input_names():
        return []
    return [s.name for s in schema.inputs if getattr(s, "required", not getattr(s, "optional", False))]


def strings(schema):
    return [] if schema is None else [s.name for s in schema.inputs if getattr(s.type, "name", "") == "string"]


def tensors(key, value, schema):
    import numpy

    if isinstance(value, dict) and schema.has_input_names():
        missing = [spec.name for spec in schema.inputs if spec.name not in value]
        if missing:
            raise BadInput("The model needs %s, which %s has not.%s" % (quoted(missing), key, hints(missing, list(value))))
        return {spec.name: array(value[spec.name], spec, spec.name) for spec in schema.inputs}
    if isinstance(value, dict):
        value = value.get("data", value)
    if not isinstance(value, list):
        raise BadInput("%s should be a list (a tensor); it is a %s." % (key, kind_of(value)))
    if schema.has_input_names() and len(schema.inputs) == 1:
        return {schema.inputs[0].name: array(value, schema.inputs[0], key)}
    return array(value, schema.inputs[0], key) if len(schema.inputs) == 1 else numpy.asarray(value)


def array(value, spec, name):
    import numpy

    try:
        return numpy.asarray(value, dtype=spec.type)
    except (TypeError, ValueError) as problem:
        raise BadInput("%s is not a tensor of %s: %s." % (name, spec.type, problem))


def quoted(names):
    names = [str(name) for name in names]
    shown = ", ".join('"%s"' % name for name in names[:30])
    return shown if len(names) <= 30 else "%s and %d more" % (shown, len(names) - 30)


def kind_of(value):
    names = {dict: "object", list: "list", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
