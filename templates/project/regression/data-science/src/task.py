"""What makes this a regression: the target, the trees, what is served, and how well it does."""

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.model_selection import KFold
from sklearn.pipeline import Pipeline

from columns import TARGET

# A deployment answers with one number for a row.
SERVED = "predict"

# What a category stands for is learnt on some rows and used on others, so that no row is told its own outcome.
FOLDS = KFold(5, shuffle=True, random_state=0)


def labels(rows: pd.DataFrame) -> pd.Series:
    return rows[TARGET]


def trees(learning_rate: float, max_iter: int) -> HistGradientBoostingRegressor:
    return HistGradientBoostingRegressor(
        learning_rate=learning_rate, max_iter=max_iter, max_leaf_nodes=15, early_stopping=False, random_state=0
    )


def answers(model: Pipeline, features: pd.DataFrame) -> np.ndarray:
    return model.predict(features)


def baseline(seen: pd.Series, rows: int) -> np.ndarray:
    """The same number for everybody: the mean."""
    return np.full(rows, seen.mean())


def scores(truth: pd.Series, given: np.ndarray) -> dict[str, float]:
    return {
        "rmse": float(root_mean_squared_error(truth, given)),
        "mae": float(mean_absolute_error(truth, given)),
        "r2": float(r2_score(truth, given)),
    }


def is_better(model: dict[str, float], simple: dict[str, float]) -> bool:
    return model["rmse"] < simple["rmse"]
