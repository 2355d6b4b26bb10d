"""What makes this a classification into two: the labels, the trees, what is served, and how well it does."""

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline

from columns import POSITIVE, TARGET

# A deployment answers with two chances for a row: that it is not POSITIVE, and that it is.
SERVED = "predict_proba"

# What a category stands for is learnt on some rows and used on others, so that no row is told its own outcome.
FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)


def labels(rows: pd.DataFrame) -> pd.Series:
    """True where the target is POSITIVE."""
    return rows[TARGET] == POSITIVE


def trees(learning_rate: float, max_iter: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        learning_rate=learning_rate, max_iter=max_iter, max_leaf_nodes=15, early_stopping=False, random_state=0
    )


def answers(model: Pipeline, features: pd.DataFrame) -> np.ndarray:
    return model.predict_proba(features)


def baseline(seen: pd.Series, rows: int) -> np.ndarray:
    """The same chance for everybody: how often it was so."""
    return np.tile([1 - seen.mean(), seen.mean()], (rows, 1))


def scores(truth: pd.Series, given: np.ndarray) -> dict[str, float]:
    chance = given[:, 1]
    return {
        "roc_auc": float(roc_auc_score(truth, chance)),
        "pr_auc": float(average_precision_score(truth, chance)),
        "log_loss": float(log_loss(truth, chance)),
        "brier": float(brier_score_loss(truth, chance)),
    }


def is_better(model: dict[str, float], simple: dict[str, float]) -> bool:
    return model["log_loss"] < simple["log_loss"] and model["roc_auc"] > simple["roc_auc"]
