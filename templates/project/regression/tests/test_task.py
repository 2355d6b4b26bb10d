"""Baseline and scores, on a few rows by hand."""

import numpy as np
import pandas as pd

from task import baseline, is_better, scores

TRUTH = pd.Series([1.0, 2.0, 3.0, 6.0])


def test_the_baseline_is_the_mean() -> None:
    assert baseline(TRUTH, 2).tolist() == [3.0, 3.0]


def test_scores_of_being_off_by_one() -> None:
    found = scores(TRUTH, TRUTH.to_numpy() + 1)
    assert found["rmse"] == 1
    assert found["mae"] == 1


def test_knowing_nothing_is_not_better() -> None:
    simple = scores(TRUTH, baseline(TRUTH, len(TRUTH)))
    assert simple["r2"] == 0
    assert is_better(scores(TRUTH, np.array(TRUTH)), simple)
    assert not is_better(simple, simple)
