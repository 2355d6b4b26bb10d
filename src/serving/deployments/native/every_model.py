"""Trains a model of every kind that is compiled, and compiles it: `python every_model.py COMPILER OUT`.

COMPILER is the folder of compile_model.py. What is compiled of each is in OUT/{name}; a name that begins with `not` is
that of a model which has no exact conversion.
"""

import os
import sys
import tempfile
from argparse import Namespace

sys.path.insert(0, sys.argv[1])
import compile_model
import lightgbm
import mlflow.lightgbm
import mlflow.sklearn
import mlflow.xgboost
import numpy as np
import pandas as pd
import xgboost
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder
from sklearn.tree import DecisionTreeClassifier

rng = np.random.default_rng(1)
n = 600
X = pd.DataFrame(
    {
        "far": rng.uniform(1, 2000, n),
        "carrier": rng.choice(["AA", "UA", "DL", ""], n),
        "seats": rng.integers(1, 9, n),
        "wind": rng.normal(size=n).round(1),
        "city": rng.choice(list("abcdefgh"), n),
        "jet": rng.random(n) > 0.5,
    }
)
X.loc[rng.random(n) < 0.1, "wind"] = np.nan
X.loc[rng.random(n) < 0.1, "city"] = None
late = ((X.far / 1000 + X.seats / 5 + (X.carrier == "AA") + X.wind.fillna(0) / 3 + rng.normal(size=n) / 3) > 1.9).astype(int)
words = np.where(late == 1, "late", np.where(X.seats > 4, "on time", "early"))
minutes = X.far * 3 + X.seats + rng.normal(size=n)
numbers, texts = ["far", "seats", "wind"], ["carrier", "city"]
N = X[numbers]


def scaled(encoder):
    return make_column_transformer((make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers), (encoder, texts))


ignoring = OneHotEncoder(handle_unknown="ignore")
ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)
filled = make_pipeline(
    SimpleImputer(strategy="constant", fill_value="none"),
    OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=60, drop="if_binary"),
)
passing = make_column_transformer(("passthrough", numbers + ["jet"]), (ordinal, texts))
indicated = make_column_transformer((SimpleImputer(add_indicator=True), numbers), (filled, texts))

CHANCES = "predict_proba"
MODELS = {
    "logistic": (make_pipeline(scaled(ignoring), LogisticRegression()), X, late, "predict"),
    "logistic of three": (make_pipeline(scaled(ignoring), LogisticRegression()), X, words, CHANCES),
    "ridge in a search": (GridSearchCV(make_pipeline(scaled(ignoring), Ridge()), {"ridge__alpha": [1, 2]}), X, minutes, "predict"),
    "poisson": (make_pipeline(SimpleImputer(), MinMaxScaler(clip=True), PoissonRegressor()), N, minutes.clip(1), "predict"),
    "stochastic gradient": (make_pipeline(SimpleImputer(), StandardScaler(), SGDClassifier(loss="log_loss")), N, late, CHANCES),
    "components": (make_pipeline(SimpleImputer(), PCA(2), LogisticRegression()), N, late, CHANCES),
    "tree": (make_pipeline(make_column_transformer(("passthrough", numbers)), DecisionTreeClassifier()), X, words, "predict"),
    # A scaler before deep trees is where conversions to 32 bits go wrong.
    "forest behind a scaler": (make_pipeline(scaled(ignoring), RandomForestClassifier(20)), X, words, CHANCES),
    "forest of what must be known": (
        make_pipeline(scaled(OneHotEncoder(sparse_output=False)), RandomForestRegressor(10)), X.assign(city=X.city.fillna("a")), minutes, "predict",
    ),
    "forest of 32 bits": (
        make_pipeline(SimpleImputer(), StandardScaler(), RandomForestRegressor(10)), N.astype("float32"), minutes, "predict",
    ),
    "gradient boosting": (make_pipeline(indicated, GradientBoostingClassifier(n_estimators=20)), X, words, CHANCES),
    "histograms": (make_pipeline(passing, HistGradientBoostingClassifier(max_iter=20)), X, words, "predict"),
    "histograms of a count": (make_pipeline(passing, HistGradientBoostingRegressor(max_iter=20, loss="poisson")), X, minutes.clip(1), "predict"),
    "target encoding": (
        make_pipeline(
            make_column_transformer((TargetEncoder(), texts), (ignoring, ["seats"]), remainder="passthrough"),
            HistGradientBoostingClassifier(max_iter=20),
        ), X, late, CHANCES,
    ),
    "xgboost in a pipeline": (make_pipeline(scaled(ignoring), xgboost.XGBClassifier(n_estimators=20)), X, words == "late", CHANCES),
    "lightgbm in a pipeline": (make_pipeline(scaled(ignoring), lightgbm.LGBMClassifier(n_estimators=20, verbose=-1)), X, words, CHANCES),
    "xgboost": (xgboost.train({"objective": "count:poisson"}, xgboost.DMatrix(N, minutes.clip(0).round()), 20), N, None, "predict"),
    "lightgbm": (lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(N, late), 20), N, None, "predict"),
    "not neighbors": (make_pipeline(SimpleImputer(), KNeighborsClassifier()), N, late, "predict"),
    "not a function": (make_pipeline(FunctionTransformer(np.nan_to_num), LogisticRegression()), N, late, "predict"),
}

for name, (model, features, target, method) in MODELS.items():
    if target is not None:
        model.fit(features, target)
    flavor = {"xgboost": mlflow.xgboost, "lightgbm": mlflow.lightgbm}.get(name, mlflow.sklearn)
    options = {"pip_requirements": []}
    if flavor is mlflow.sklearn:
        options.update(serialization_format="cloudpickle", pyfunc_predict_fn=method)
    with tempfile.TemporaryDirectory() as folder:
        path, out = os.path.join(folder, "model"), os.path.join(sys.argv[2], name)
        os.makedirs(out)
        signature = infer_signature(features, np.zeros(3))
        flavor.save_model(model, path, signature=signature, input_example=features.head(3), **options)
        compile_model.compile_into(Namespace(model=path, out=out, rows=[]))
