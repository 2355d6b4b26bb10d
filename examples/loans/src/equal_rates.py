"""The mitigated model, as MLflow loads it: from this file, a classifier kept by skops and its thresholds. No pickle."""

import json
from pathlib import Path

import mlflow
import pandas as pd
import skops.io

from loans import FEATURES, GROUP


class EqualRates(mlflow.pyfunc.PythonModel):
    """Accepts whom the classifier finds likely enough, where `enough` is a threshold of the applicant's group."""

    def load_context(self, context):
        self.classifier = skops.io.load(context.artifacts["classifier"], trusted=["numpy.dtype"])
        self.thresholds = {int(k): v for k, v in json.loads(Path(context.artifacts["thresholds"]).read_text()).items()}

    def predict(self, context, model_input: pd.DataFrame, params=None):
        probabilities = self.classifier.predict_proba(model_input[FEATURES])[:, 1]
        enough = model_input[GROUP].map(self.thresholds).to_numpy()
        return (probabilities >= enough).astype("int64")


mlflow.models.set_model(EqualRates())
