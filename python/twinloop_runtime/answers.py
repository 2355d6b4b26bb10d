"""What a scorer answers, and the JSON of whatever a model returns."""

import base64
import datetime
import json
import math
import sys


class BadInput(Exception):
    """The request's fault: its message goes to the caller, with the status."""

    def __init__(self, message, status=400):
        super().__init__(message)
        self.status = status


class Answer:
    """A response: status, body bytes and content type. `failed` says that the user's code is to blame; `rows`, how many were asked for."""

    __slots__ = ("status", "body", "content_type", "failed", "rows")

    def __init__(self, status, body, content_type="application/json", failed=False, rows=None):
        self.rows = rows
        self.status = status
        self.body = body
        self.content_type = content_type
        self.failed = failed


def json_answer(value, rows=None):
    """200 with the value as JSON; NaN and infinities, which JSON has not, become null."""
    return Answer(200, json.dumps(plain(value), allow_nan=False).encode(), rows=rows)


def message_answer(status, message, route="score", failed=False):
    """An error in the shape of whom the caller speaks: Azure's {"message"}, MLflow's, or the Open Inference Protocol's."""
    if route == "infer":
        told = {"error": message}
    elif route == "invocations":
        told = {"error_code": "INTERNAL_ERROR" if failed else "BAD_REQUEST", "message": message}
    else:
        told = {"message": message}
    return Answer(status, json.dumps(told).encode(), failed=failed)


def plain(value):
    """Lists, dicts, strings, numbers, booleans and None that say what `value` says. TypeError names what cannot be said."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        # pandas' NaT is a datetime, and unequal to itself.
        return value.isoformat() if value == value else None
    return plain_array(value)


def plain_array(value):
    """NumPy's and pandas' values; these libraries are looked at only if the model has loaded them."""
    numpy = sys.modules.get("numpy")
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        if isinstance(value, pandas.DataFrame):
            return plain(value.to_dict(orient="records"))
        if isinstance(value, (pandas.Series, pandas.Index)):
            return plain(value.tolist())
        if value is getattr(pandas, "NA", None):
            return None
    if numpy is not None:
        if isinstance(value, numpy.ndarray):
            if value.dtype.kind in "iub" or (value.dtype.kind == "f" and numpy.isfinite(value).all()):
                return value.tolist()
            return plain(value.tolist())
        if isinstance(value, numpy.generic):
            return plain(value.item())
    raise TypeError("a %s cannot be written as JSON" % type(value).__name__)
