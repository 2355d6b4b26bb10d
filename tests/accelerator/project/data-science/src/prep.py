"""Splits the rides into three Parquet files, each in a folder of its own that stands already."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd

parser = argparse.ArgumentParser()
for name in ["raw_data", "train_data", "val_data", "test_data", "enable_monitoring", "table_name"]:
    parser.add_argument(f"--{name}")
args = parser.parse_args()

rides = pd.read_csv(args.raw_data)
part = pd.Series(range(len(rides))) % 10
parts = {"train": rides[part < 7], "val": rides[part == 7], "test": rides[part > 7]}

mlflow.start_run()
for name, rows in parts.items():
    mlflow.log_metric(f"{name} size", len(rows))
    rows.to_parquet(Path(getattr(args, f"{name}_data")) / f"{name}.parquet")
mlflow.set_tag("monitoring", args.enable_monitoring.lower())
mlflow.end_run()
