"""The data are cleaned and split as the docstrings say."""

import pandas as pd

from columns import FEATURES, TARGET
from prep import clean, is_validation


def test_rows_without_a_target_are_left_out(rows: pd.DataFrame) -> None:
    unknown = rows.copy()
    unknown[TARGET] = rows[TARGET].where(rows.index >= 10)
    assert len(clean(unknown)) == len(rows) - 10


def test_only_features_and_target_stay(rows: pd.DataFrame) -> None:
    assert list(clean(rows.assign(surprise=1)).columns) == [*FEATURES, TARGET]


def test_about_the_share_is_held_back(rows: pd.DataFrame) -> None:
    assert 0.1 < is_validation(rows, 0.2).mean() < 0.3


def test_a_row_stays_on_its_side_when_more_come(rows: pd.DataFrame) -> None:
    few = rows.head(len(rows) // 2)
    assert is_validation(rows, 0.2).head(len(few)).tolist() == is_validation(few, 0.2).tolist()


def test_rows_that_occur_twice_are_on_one_side(rows: pd.DataFrame) -> None:
    twice = pd.concat([rows, rows], ignore_index=True)
    held = is_validation(twice, 0.2)
    assert held.head(len(rows)).tolist() == held.tail(len(rows)).tolist()
