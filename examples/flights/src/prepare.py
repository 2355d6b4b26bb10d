"""Takes the days of the window, makes the features, and holds the last days back for evaluation."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd

from flights import FEATURES, TARGET, with_features


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flights", required=True, help="folder of Parquet files, one a month")
    parser.add_argument("--window", default="365d", help="how far back from the last day, e.g. 90d")
    parser.add_argument("--holdout-days", type=int, default=14, help="days at the end that train never sees")
    parser.add_argument("--train", required=True, help="output folder")
    parser.add_argument("--holdout", required=True, help="output folder")
    args = parser.parse_args()

    months = sorted(Path(args.flights).glob("**/*.parquet"))
    if not months:
        raise SystemExit(f"{args.flights} has no Parquet file")
    known = with_features(pd.concat([pd.read_parquet(month) for month in months], ignore_index=True))
    flights = known[known["date"] > known["date"].max() - pd.Timedelta(args.window)]
    arrived = flights[flights[TARGET].notna()].astype({TARGET: bool})
    # Split by time, never at random: flights of one storm in both halves would make any model look clever.
    first_held_back = arrived["date"].max() - pd.Timedelta(days=args.holdout_days - 1)
    held_back = arrived["date"] >= first_held_back

    for folder, rows in [(args.train, arrived[~held_back]), (args.holdout, arrived[held_back])]:
        rows[["date", "time_hour", "flight", *FEATURES, TARGET]].to_parquet(Path(folder) / "rows.parquet", index=False)

    mlflow.log_params(
        {
            "window": args.window,
            "first_day": str(flights["date"].min().date()),
            "first_held_back": str(first_held_back.date()),
            "last_day": str(flights["date"].max().date()),
            "holdout_days": args.holdout_days,
        }
    )
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
