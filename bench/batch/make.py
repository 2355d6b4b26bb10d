"""Makes what is scored: python make.py FOLDER ROWS. Two models of MLflow and the rows for each, as Parquet and CSV."""

import os
import sys

import mlflow.sklearn
import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

folder, count = sys.argv[1], int(sys.argv[2])
packages = ["mlflow", "scikit-learn", "lightgbm", "pandas", "pyarrow"]


def numbers(n, seed):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"n%d" % i: rng.normal(size=n) for i in range(8)})
    table["seats"] = rng.integers(1, 300, n)
    return table


def flights(n, seed):
    rng = np.random.default_rng(seed)
    table = numbers(n, seed)
    table["carrier"] = rng.choice(["AA", "B6", "DL", "EV", "UA", "US", "WN"], n)
    table["origin"] = rng.choice(["EWR", "JFK", "LGA"], n)
    return table


def save(name, model, rows, target, method):
    train = rows(50_000, 0)
    model.fit(train, target(train))
    signature = infer_signature(train, getattr(model, method)(train))
    mlflow.sklearn.save_model(
        model, os.path.join(folder, name), signature=signature, input_example=train.head(5),
        pip_requirements=packages, pyfunc_predict_fn=method, serialization_format="cloudpickle",
    )
    data = rows(count, 1)
    data.to_parquet(os.path.join(folder, name + ".parquet"), index=False, row_group_size=100_000)
    data.to_csv(os.path.join(folder, name + ".csv"), index=False)


save("boosting", HistGradientBoostingRegressor(max_iter=100), numbers, lambda t: t.n0 * t.n1 + t.seats / 100, "predict")
encode = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["carrier", "origin"]), remainder="passthrough")
save(
    "pipeline", make_pipeline(encode, LGBMClassifier(n_estimators=100, verbose=-1)), flights,
    lambda t: (t.n0 + (t.carrier == "AA") > 0.5).astype(int), "predict_proba",
)
