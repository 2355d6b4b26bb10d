"""An MLflow model served without code: Azure ML's `input_data` and MLflow's own request shapes."""

import inspect
import json
import os

from .answers import BadInput, json_answer
from .model_input import read_csv, read_input


class MlflowModel:
    """Loads the MLflow model in `folder` (or in its one subfolder that has an MLmodel file) with mlflow.pyfunc."""

    def __init__(self, folder):
        from mlflow import pyfunc

        self.model = pyfunc.load_model(model_folder(folder))
        self.schema = self.model.metadata.get_input_schema()
        self.takes_params = "params" in inspect.signature(self.model.predict).parameters

    def score(self, meta, body):
        """`/score` answers as Azure does, the predictions themselves; `/invocations` as MLflow: {"predictions": …}."""
        kind = (meta.get("contentType") or "application/json").split(";")[0].strip().lower()
        params = None
        if kind == "text/csv" and meta.get("route") == "invocations":
            data = read_csv(text_of(body), self.schema)
        elif kind == "application/json" or kind.endswith("+json"):
            data, params = read_input(parse(text_of(body)), self.schema)
        else:
            raise BadInput("This model takes application/json, not %s." % kind, status=415)
        predictions = self.predict(data, params)
        return json_answer({"predictions": predictions} if meta.get("route") == "invocations" else predictions)

    def predict(self, data, params):
        from mlflow.exceptions import MlflowException

        try:
            return self.model.predict(data, params=params) if params and self.takes_params else self.model.predict(data)
        except MlflowException as problem:
            # What MLflow itself refuses before the model sees it (a tensor's shape, a parameter's type) is the caller's.
            if problem.error_code in ("INVALID_PARAMETER_VALUE", "BAD_REQUEST") and "schema" in str(problem).lower():
                raise BadInput(str(problem))
            raise


def model_folder(folder):
    if os.path.isfile(os.path.join(folder, "MLmodel")):
        return folder
    below = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    found = [path for path in below if os.path.isfile(os.path.join(path, "MLmodel"))]
    if len(found) == 1:
        return found[0]
    raise FileNotFoundError("No MLmodel file in %s: %s" % (folder, ", ".join(sorted(os.listdir(folder))) or "it is empty"))


def text_of(body):
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BadInput("The body is not UTF-8 text: %s." % problem)


def parse(text):
    try:
        return json.loads(text)
    except ValueError as problem:
        raise BadInput("The body is not JSON: %s." % problem)
    except RecursionError:
        raise BadInput("The body is nested too deeply.")
