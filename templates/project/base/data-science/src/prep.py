"""Cleans the data and splits them: rows to train on, and rows to judge by."""

import argparse

import mlflow
import pandas as pd

from columns import FEATURES, TARGET
from tables import read_csv, write_rows


def clean(rows: pd.DataFrame) -> pd.DataFrame:
    """Features and target of the rows whose target is known. A missing feature stays: the model knows what to do."""
    return rows.loc[rows[TARGET].notna(), [*FEATURES, TARGET]].reset_index(drop=True)


def is_validation(rows: pd.DataFrame, share: float) -> pd.Series:
    """Which rows to judge by. A row goes where the hash of its values says: another version of the data splits its old
    rows as before, and rows that occur twice are never on both sides."""
    return pd.util.hash_pandas_object(rows, index=False) % 10_000 < share * 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="CSV file")
    parser.add_argument("--validation-share", type=float, default=0.2)
    parser.add_argument("--train", required=True, help="output folder")
    parser.add_argument("--validation", required=True, help="output folder")
    args = parser.parse_args()

    given = read_csv(args.data)
    rows = clean(given)
    held = is_validation(rows, args.validation_share)
    write_rows(rows[~held], args.train)
    write_rows(rows[held], args.validation)

    mlflow.log_metrics(
        {
            "rows": len(given),
            "without_target": len(given) - len(rows),
            "train_rows": int((~held).sum()),
            "validation_rows": int(held.sum()),
        }
    )
    print(f"{len(given):,} rows, {len(given) - len(rows):,} without a target; {(~held).sum():,} to train on")


if __name__ == "__main__":
    main()
