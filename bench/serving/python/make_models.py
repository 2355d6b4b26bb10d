"""Trains the models of this benchmark: make_models.py FOLDER REQUIREMENT...

FOLDER/sklearn  MLflow, scikit-learn: a pipeline of an encoder and 100 boosted trees, which can be compiled to ONNX
FOLDER/custom   MLflow, pyfunc with code of its own round the same pipeline, which cannot
FOLDER/script   the same pipeline by joblib, for score.py
FOLDER/rows.json  {"columns": [...], "data": [1000 rows]}
"""

import json
import os
import sys

import joblib
import mlflow.pyfunc
import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

folder, requirements = sys.argv[1], sys.argv[2:]
rng = np.random.default_rng(0)
n = 4000
X = pd.DataFrame({f"x{i}": rng.normal(size=n).round(3) for i in range(10)})
X["carrier"] = rng.choice(["AA", "B6", "DL", "UA", "WN"], n)
X["origin"] = rng.choice(["EWR", "JFK", "LGA"], n)
y = (X.x0 + X.x1 * X.x2 + (X.carrier == "AA") + rng.normal(size=n) > 0.5).astype(int)
encode = make_column_transformer((OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["carrier", "origin"]), remainder="passthrough")
model = make_pipeline(encode, GradientBoostingClassifier(max_depth=5)).fit(X, y)


class Custom(mlflow.pyfunc.PythonModel):
    """What a team writes round its model: a rule before it, a threshold after it."""

    def load_context(self, context):
        self.model = joblib.load(context.artifacts["model"])

    def predict(self, context, model_input, params=None):
        clipped = model_input.assign(x0=model_input.x0.clip(-3, 3))
        return (self.model.predict_proba(clipped)[:, 1] > 0.4).astype(int)


os.makedirs(f"{folder}/script")
joblib.dump(model, f"{folder}/script/model.joblib")
about = {"signature": infer_signature(X, model.predict(X)), "pip_requirements": requirements}
mlflow.sklearn.save_model(model, f"{folder}/sklearn", serialization_format="cloudpickle", **about)
mlflow.pyfunc.save_model(f"{folder}/custom", python_model=Custom(), artifacts={"model": f"{folder}/script/model.joblib"}, **about)
with open(f"{folder}/rows.json", "w") as file:
    json.dump({"columns": list(X.columns), "data": X.head(1000).values.tolist()}, file)
