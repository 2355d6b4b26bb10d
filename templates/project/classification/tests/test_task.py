"""Labels, baseline and scores, on a few rows by hand."""

import numpy as np
import pandas as pd
import pytest

from columns import POSITIVE, TARGET
from task import baseline, is_better, labels, scores

TRUTH = pd.Series([True, False, True, False])
PERFECT = np.array([[0.1, 0.9], [0.9, 0.1], [0.2, 0.8], [0.8, 0.2]])


def test_labels_say_where_the_target_is_positive() -> None:
    given = pd.DataFrame({TARGET: [POSITIVE, "something else"]})
    assert labels(given).tolist() == [True, False]


def test_the_baseline_is_how_often_it_was_so() -> None:
    assert baseline(pd.Series([True, False, False, False]), 2).tolist() == [[0.75, 0.25], [0.75, 0.25]]


def test_scores_of_a_perfect_order() -> None:
    found = scores(TRUTH, PERFECT)
    assert found["roc_auc"] == 1
    assert found["brier"] == pytest.approx((0.1**2 + 0.1**2 + 0.2**2 + 0.2**2) / 4)


def test_knowing_nothing_is_not_better() -> None:
    simple = scores(TRUTH, baseline(TRUTH, 4))
    assert is_better(scores(TRUTH, PERFECT), simple)
    assert not is_better(simple, simple)
