"""Joins the months, makes the features, and holds the last days back for evaluation."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd

from flights import FEATURES, TARGET, with_features


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", nargs="+", required=True, help="Parquet files, one a month, in any order")
    parser.add_argument("--holdout-days", type=int, default=14, help="days at the end that train never sees")
    parser.add_argument("--train", required=True, help="output folder")
    parser.add_argument("--holdout", required=True, help="output folder")
    args = parser.parse_args()

    flights = with_features(pd.concat([pd.read_parquet(month) for month in args.months], ignore_index=True))
    arrived = flights[flights[TARGET].notna()].astype({TARGET: bool})
    # Split by time, never at random: flights of one storm in both halves would make any model look clever.
    first_held_back = arrived["date"].max() - pd.Timedelta(days=args.holdout_days - 1)
    held_back = arrived["date"] >= first_held_back

    for folder, rows in [(args.train, arrived[~held_back]), (args.holdout, arrived[held_back])]:
        rows[["date", "flight", *FEATURES, TARGET]].to_parquet(Path(folder) / "rows.parquet", index=False)

    mlflow.log_params({"holdout_days": args.holdout_days, "first_held_back": str(first_held_back.date())})
    mlflow.log_metrics(
        {
            "flights": len(flights),
            "never_arrived": len(flights) - len(arrived),
            "train_rows": int((~held_back).sum()),
            "holdout_rows": int(held_back.sum()),
            "late_rate": float(arrived[TARGET].mean()),
        }
    )
    print(f"{len(flights):,} flights, {len(flights) - len(arrived):,} of them never arrived and are left out")
    print(f"{(~held_back).sum():,} to train on, {held_back.sum():,} held back from {first_held_back.date()} on")


if __name__ == "__main__":
    main()
