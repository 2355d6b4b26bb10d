"""How every step reads its rows, so that training, tests and release gates see the same types."""

from pathlib import Path

import pandas as pd

from columns import CATEGORIES, FLAGS, NUMBERS, TARGET


def read_csv(path: str) -> pd.DataFrame:
    """The data as they are registered: numbers as float64 (a missing one is NaN), categories and labels as text."""
    types = {**dict.fromkeys(CATEGORIES, "str"), **dict.fromkeys(FLAGS, "bool"), **dict.fromkeys(NUMBERS, "float64")}
    return pd.read_csv(path, dtype={**types, TARGET: <<target_type>>})


def write_rows(rows: pd.DataFrame, folder: str) -> None:
    rows.to_parquet(Path(folder) / "rows.parquet", index=False)


def read_rows(folder: str) -> pd.DataFrame:
    """The rows that `prep` wrote into one of its output folders."""
    return pd.read_parquet(Path(folder) / "rows.parquet")
