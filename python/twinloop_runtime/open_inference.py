"""The Open Inference Protocol (V2) over REST: tensors in, tensors out.

Each input is a column of the model's signature, of shape [n] or [n, 1], or a tensor of it; one input of shape [n, k] may
stand for the model's k columns in their order. Missing numbers are null in FP tensors. Answers have one output for each
column of the prediction, or one for the whole of it, with data flattened in row-major order.
"""

import math

from .answers import BadInput, plain
from .model_input import frame, kind_of, quoted, tensors

INTEGERS = {"%sINT%d" % (sign, bits): (sign == "", bits) for sign in ("", "U") for bits in (8, 16, 32, 64)}
FLOATS = ("FP16", "FP32", "FP64")
DATATYPES = tuple(INTEGERS) + FLOATS + ("BOOL", "BYTES")
NUMPY = {"f2": "FP16", "f4": "FP32", "f8": "FP64", "b1": "BOOL"}
NUMPY.update({"%s%d" % ("i" if signed else "u", bits // 8): name for name, (signed, bits) in INTEGERS.items()})


def read_inference(body, schema):
    """(what predict takes, params or None) of a request's JSON. BadInput names the input that is wrong."""
    if not isinstance(body, dict):
        raise BadInput("The body should be a JSON object with inputs; it is a %s." % kind_of(body))
    inputs = body.get("inputs")
    if not isinstance(inputs, list) or not inputs:
        raise BadInput("The body should have inputs, a list of at least one tensor.")
    given = {}
    for number, tensor in enumerate(inputs):
        name = checked(tensor, number)
        if name in given:
            raise BadInput('The body has two inputs named "%s".' % name)
        given[name] = (tensor["shape"], values_of(tensor, name))
    params = body.get("parameters")
    if params is not None and not isinstance(params, dict):
        raise BadInput("parameters should be an object, not a %s." % kind_of(params))
    own = {key: value for key, value in (params or {}).items() if key not in ("content_type", "headers")}
    return data_of(given, schema, (params or {}).get("content_type")), own or None


def data_of(given, schema, content_type):
    if schema is not None and schema.is_tensor_spec():
        if not schema.has_input_names():
            return tensors("inputs", nested(*next(iter(given.values()))), schema)
        return tensors("inputs", {name: nested(*of) for name, of in given.items()}, schema)
    names = schema.input_names() if schema is not None and schema.has_input_names() else None
    if len(given) == 1:
        (name, (shape, values)), = given.items()
        if len(shape) == 2 and (names is None or name not in names) and content_type != "pd":
            if names is None:
                import numpy

                return numpy.asarray(values).reshape(shape)
            if shape[1] != len(names):
                raise BadInput(
                    'Input "%s" has %d columns where the model has %d: %s.' % (name, shape[1], len(names), quoted(names))
                )
            return frame({column: values[i :: shape[1]] for i, column in enumerate(names)}, schema)
    for name, (shape, _) in given.items():
        if len(shape) > 2 or (len(shape) == 2 and shape[1] != 1):
            raise BadInput('Input "%s" should be a column, of shape [n] or [n, 1]; its shape is %s.' % (name, shape))
    lengths = {name: len(values) for name, (_, values) in given.items()}
    if len(set(lengths.values())) > 1:
        raise BadInput("The inputs should be of one length; they have %s." % lengths)
    return frame({name: values for name, (_, values) in given.items()}, schema)


def checked(tensor, number):
    """The name of a request's tensor, of which shape, datatype and data are there."""
    if not isinstance(tensor, dict) or not isinstance(tensor.get("name"), str):
        raise BadInput("inputs[%d] should be an object with a name." % number)
    name = tensor["name"]
    shape = tensor.get("shape")
    whole = isinstance(shape, list) and shape and all(type(n) is int and n >= 0 for n in shape)
    if not whole:
        raise BadInput('Input "%s" should have a shape, a list of whole numbers.' % name)
    if tensor.get("datatype") not in DATATYPES:
        raise BadInput(
            'Input "%s" has the datatype %r, which is none of %s.' % (name, tensor.get("datatype"), ", ".join(DATATYPES))
        )
    if not isinstance(tensor.get("data"), list):
        raise BadInput('Input "%s" should have data, a list (binary tensors are not taken).' % name)
    return name


def values_of(tensor, name):
    """The tensor's values in row-major order, of its datatype."""
    values = []
    flatten(tensor["data"], values)
    size = math.prod(tensor["shape"])
    if size != len(values):
        raise BadInput(
            'Input "%s": a shape of %s holds %d values, and data has %d.' % (name, tensor["shape"], size, len(values))
        )
    if size == 0:
        raise BadInput('Input "%s" has no rows.' % name)
    good = checker(tensor["datatype"])
    for row, value in enumerate(values):
        if not good(value):
            raise BadInput('Input "%s" should be %s; value %d is %s.' % (name, tensor["datatype"], row, shown(value)))
    return values


def flatten(data, into):
    for item in data:
        if isinstance(item, list):
            flatten(item, into)
        else:
            into.append(item)


def checker(datatype):
    if datatype in INTEGERS:
        signed, bits = INTEGERS[datatype]
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
        return lambda v: isinstance(v, (int, float)) and not isinstance(v, bool) and v == v and low <= v <= high and v == int(v)
    if datatype in FLOATS:
        return lambda v: v is None or (isinstance(v, (int, float)) and not isinstance(v, bool))
    if datatype == "BOOL":
        return lambda v: isinstance(v, bool)
    return lambda v: v is None or isinstance(v, str)


def shown(value):
    return "null" if value is None else repr(value)[:80]


def nested(shape, values):
    for length in reversed(shape[1:]):
        values = [values[i : i + length] for i in range(0, len(values), length)]
    return values


def inference(predictions, body, meta, names):
    """The answer: `names` are those of the signature's outputs; the request's `outputs` choose among what there is."""
    outputs = outputs_of(predictions, names)
    wanted = body.get("outputs") if isinstance(body, dict) else None
    if wanted:
        chosen = [out.get("name") if isinstance(out, dict) else None for out in wanted]
        there = {out["name"]: out for out in outputs}
        unknown = [name for name in chosen if name not in there]
        if unknown:
            raise BadInput("The model has no output %s; it has %s." % (quoted(unknown), quoted(there)))
        outputs = [there[name] for name in chosen]
    answer = {"id": str(body.get("id") or meta.get("requestId") or ""), "outputs": outputs}
    model = meta.get("model") or {}
    answer["model_name"] = model.get("name", "")
    if model.get("version"):
        answer["model_version"] = model["version"]
    return answer


def outputs_of(predictions, names):
    if hasattr(predictions, "columns") and hasattr(predictions, "to_dict"):
        return [tensor(str(name), predictions[name]) for name in predictions.columns]
    if isinstance(predictions, dict):
        return [tensor(str(name), value) for name, value in predictions.items()]
    return [tensor(names[0] if len(names) == 1 and names[0] else "output-0", predictions)]


def tensor(name, value):
    """One output, of the shape that the prediction has."""
    import numpy

    array = value.to_numpy() if hasattr(value, "to_numpy") else numpy.asarray(value)
    shape = list(array.shape) or [1]
    kind = NUMPY.get(array.dtype.str[1:])
    if kind is None:
        strings = [item if isinstance(item, str) or item is None else plain(item) for item in array.ravel().tolist()]
        data = [item if isinstance(item, str) or item is None else str(item) for item in strings]
        return {"name": name, "datatype": "BYTES", "shape": shape, "data": data}
    return {"name": name, "datatype": kind, "shape": shape, "data": plain(array.ravel())}
