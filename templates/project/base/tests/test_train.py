"""A model can be built from these columns, beats knowing nothing, and takes what it never saw."""

import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

from columns import CATEGORIES, FEATURES, NUMBERS
from task import answers, baseline, is_better, labels, scores
from train import build_model


@pytest.fixture(scope="module")
def model(rows: pd.DataFrame) -> Pipeline:
    return build_model(learning_rate=0.1, max_iter=30).fit(rows[FEATURES], labels(rows))


def test_it_learns(model: Pipeline, rows: pd.DataFrame) -> None:
    truth = labels(rows)
    assert is_better(scores(truth, answers(model, rows[FEATURES])), scores(truth, baseline(truth, len(rows))))


def test_it_learns_the_same_again(model: Pipeline, rows: pd.DataFrame) -> None:
    again = build_model(learning_rate=0.1, max_iter=30).fit(rows[FEATURES], labels(rows))
    assert (answers(again, rows[FEATURES]) == answers(model, rows[FEATURES])).all()


def test_unknown_categories_and_missing_numbers_are_answered(model: Pipeline, rows: pd.DataFrame) -> None:
    strange = rows[FEATURES].head(5).copy()
    for name in CATEGORIES:
        strange[name] = "never seen"
    for name in NUMBERS:
        strange[name] = float("nan")
    assert len(answers(model, strange)) == 5
