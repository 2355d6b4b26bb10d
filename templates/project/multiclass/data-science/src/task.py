"""What makes this a classification into several: the labels, the trees, what is served, and how well it does."""

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import accuracy_score, f1_score, log_loss
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline

from columns import CLASSES, TARGET

# A deployment answers with one chance for each of CLASSES, in their order.
SERVED = "predict_proba"

# What a category stands for is learnt on some rows and used on others, so that no row is told its own outcome.
FOLDS = StratifiedKFold(5, shuffle=True, random_state=0)


def labels(rows: pd.DataFrame) -> pd.Series:
    return rows[TARGET]


def trees(learning_rate: float, max_iter: int) -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        learning_rate=learning_rate, max_iter=max_iter, max_leaf_nodes=15, early_stopping=False, random_state=0
    )


def answers(model: Pipeline, features: pd.DataFrame) -> np.ndarray:
    """One column for each of CLASSES; a class that the model has not seen has no chance."""
    given = pd.DataFrame(model.predict_proba(features), columns=model.classes_)
    return given.reindex(columns=CLASSES, fill_value=0.0).to_numpy()


def baseline(seen: pd.Series, rows: int) -> np.ndarray:
    """The same chances for everybody: how often each class was."""
    return np.tile(seen.value_counts(normalize=True).reindex(CLASSES, fill_value=0.0), (rows, 1))


def scores(truth: pd.Series, given: np.ndarray) -> dict[str, float]:
    likeliest = np.array(CLASSES)[given.argmax(axis=1)]
    return {
        "accuracy": float(accuracy_score(truth, likeliest)),
        "f1_macro": float(f1_score(truth, likeliest, labels=CLASSES, average="macro", zero_division=0)),
        "log_loss": float(log_loss(truth, given, labels=CLASSES)),
    }


def is_better(model: dict[str, float], simple: dict[str, float]) -> bool:
    return model["log_loss"] < simple["log_loss"] and model["accuracy"] >= simple["accuracy"]
