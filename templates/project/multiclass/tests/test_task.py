"""Baseline and scores, on a few rows by hand."""

import numpy as np
import pandas as pd

from columns import CLASSES
from task import baseline, is_better, scores

TRUTH = pd.Series(CLASSES * 2)
PERFECT = np.vstack([np.eye(len(CLASSES)), np.eye(len(CLASSES))])


def test_the_baseline_is_how_often_each_class_was() -> None:
    assert np.allclose(baseline(TRUTH, 2), 1 / len(CLASSES))


def test_scores_of_being_right() -> None:
    found = scores(TRUTH, PERFECT)
    assert found["accuracy"] == 1
    assert found["f1_macro"] == 1


def test_knowing_nothing_is_not_better() -> None:
    simple = scores(TRUTH, baseline(TRUTH, len(TRUTH)))
    assert is_better(scores(TRUTH, PERFECT), simple)
    assert not is_better(simple, simple)
