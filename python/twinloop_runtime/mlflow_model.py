"""An MLflow model served without code: Azure ML's `input_data` and MLflow's own request shapes."""

import inspect
import json
import os

from .answers import BadInput, json_answer
from .json_text import parse, text_of
from .model_input import no_rows, read_csv, read_input, row_count
from .open_inference import inference, read_inference


class MlflowModel:
    """Loads the MLflow model in `folder` (or in its one subfolder that has an MLmodel file) with mlflow.pyfunc."""

    def __init__(self, folder):
        from mlflow import pyfunc

        self.model = pyfunc.load_model(model_folder(folder))
        self.schema = self.model.metadata.get_input_schema()
        outputs = self.model.metadata.get_output_schema()
        self.outputs = [getattr(spec, "name", None) for spec in outputs.inputs] if outputs is not None else []
        self.takes_params = "params" in inspect.signature(self.model.predict).parameters

    def score(self, meta, body):
        """`/score` answers as Azure does, the predictions themselves; `/invocations` as MLflow: {"predictions": …}; `infer` in tensors."""
        route = meta.get("route")
        kind = (meta.get("contentType") or "application/json").split(";")[0].strip().lower()
        request = params = None
        if kind == "text/csv" and route == "invocations":
            data = read_csv(text_of(body), self.schema)
        elif kind == "application/json" or kind.endswith("+json"):
            request = parse(text_of(body))
            data, params = (read_inference if route == "infer" else read_input)(request, self.schema)
        else:
            also = " or text/csv" if route == "invocations" else ""
            raise BadInput("This model takes application/json%s, not %s." % (also, kind), status=415)
        rows = row_count(data)
        if rows == 0:
            raise no_rows()
        predictions = self.predict(data, params)
        if route == "infer":
            return json_answer(inference(predictions, request, meta, self.outputs), rows)
        return json_answer({"predictions": predictions} if route == "invocations" else predictions, rows)

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
