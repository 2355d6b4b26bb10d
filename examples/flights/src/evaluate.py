"""Judges the model on the days it never saw: overall, by airline and airport, and against a simple baseline."""

import argparse
import json
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from flights import FEATURES, TARGET, read_rows


def baseline(train: pd.DataFrame, holdout: pd.DataFrame) -> np.ndarray:
    """What a timetable clerk would say: how often this airline was late at this hour of the day. Hours in which it
    did not fly yet get the overall rate; rates are shrunk to it as if 20 more flights had been seen."""
    overall = train[TARGET].mean()
    hour = lambda rows: (rows["sched_dep_minute"] // 60).rename("hour")
    seen = train.groupby(["carrier", hour(train)])[TARGET].agg(["sum", "size"])
    rates = ((seen["sum"] + 20 * overall) / (seen["size"] + 20)).rename("rate")
    keys = pd.DataFrame({"carrier": holdout["carrier"], "hour": hour(holdout)})
    return keys.join(rates, on=["carrier", "hour"])["rate"].fillna(overall).to_numpy()


def scores(late: pd.Series, chance: np.ndarray) -> dict[str, float]:
    return {
        "roc_auc": float(roc_auc_score(late, chance)),
        "pr_auc": float(average_precision_score(late, chance)),
        "log_loss": float(log_loss(late, chance)),
        "brier": float(brier_score_loss(late, chance)),
    }


def calibration(late: pd.Series, chance: np.ndarray, bins: int = 10) -> pd.DataFrame:
    """Of the flights given about this chance, how many were late? Ten groups of equal size, by rising chance."""
    rows = pd.DataFrame({"predicted": chance, "observed": late.to_numpy(dtype=float)})
    group = rows["predicted"].rank(method="first", pct=True).mul(bins).apply(np.ceil).astype(int).rename("group")
    return rows.groupby(group).agg(
        flights=("observed", "size"), predicted=("predicted", "mean"), observed=("observed", "mean")
    )


def slices(holdout: pd.DataFrame, chance: np.ndarray, by: list[str]) -> pd.DataFrame:
    """One row for each value of each column. A slice with only one outcome has no ROC curve, so no roc_auc."""
    rows = []
    for column in by:
        for value, part in holdout.assign(chance=chance).groupby(column):
            late = part[TARGET]
            rows.append(
                {
                    "slice": column,
                    "value": value,
                    "flights": len(part),
                    "late_rate": late.mean(),
                    "predicted_rate": part["chance"].mean(),
                    "roc_auc": roc_auc_score(late, part["chance"]) if late.nunique() == 2 else None,
                    "brier": brier_score_loss(late, part["chance"]),
                }
            )
    return pd.DataFrame(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="folder written by train")
    parser.add_argument("--train", required=True, help="folder written by prepare, for the baseline")
    parser.add_argument("--holdout", required=True, help="folder written by prepare")
    parser.add_argument("--evaluation", required=True, help="output folder")
    parser.add_argument("--judged", required=True, help="output folder: the held-out rows with what the model says")
    args = parser.parse_args()

    train, holdout = read_rows(args.train), read_rows(args.holdout)
    chance = mlflow.sklearn.load_model(args.model).predict_proba(holdout[FEATURES])[:, 1]
    late = holdout[TARGET]
    model, simple = scores(late, chance), scores(late, baseline(train, holdout))
    groups, by_slice = calibration(late, chance), slices(holdout, chance, by=["carrier", "origin"])
    off = (groups["predicted"] - groups["observed"]).abs()
    metrics = {
        **model,
        "calibration_error": float(np.average(off, weights=groups["flights"])),
        **{f"baseline_{name}": value for name, value in simple.items()},
    }

    # Named as the endpoint's own answers are: what monitors hold production against.
    holdout.assign(prediction_1=chance).to_parquet(Path(args.judged) / "rows.parquet", index=False)
    folder = Path(args.evaluation)
    verdict = {"better_than_baseline": model["log_loss"] < simple["log_loss"] and model["roc_auc"] > simple["roc_auc"]}
    (folder / "evaluation.json").write_text(json.dumps({**verdict, "metrics": metrics}, indent=2))
    groups.to_csv(folder / "calibration.csv", float_format="%.4f")
    by_slice.to_csv(folder / "slices.csv", index=False, float_format="%.4f")

    counts = by_slice["slice"].value_counts()
    mlflow.set_tags({"slices": f"{counts['carrier']} carriers, {counts['origin']} airports"})
    mlflow.log_metrics(metrics)
    mlflow.log_artifacts(args.evaluation)
    for name, value in metrics.items():
        print(f"{name:24}{value:.4f}")
    print(by_slice.to_string(index=False, float_format="%.3f"))


if __name__ == "__main__":
    main()
