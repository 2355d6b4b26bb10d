"""Judges the model on rows it never saw, against a baseline that looks at no feature."""

import argparse
import json
from pathlib import Path

import mlflow

from columns import FEATURES
from tables import read_rows
from task import answers, baseline, is_better, labels, scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="folder written by train")
    parser.add_argument("--train", required=True, help="folder written by prep, for the baseline")
    parser.add_argument("--validation", required=True, help="folder written by prep")
    parser.add_argument("--evaluation", required=True, help="output folder")
    args = parser.parse_args()

    train, validation = read_rows(args.train), read_rows(args.validation)
    truth = labels(validation)
    model = scores(truth, answers(mlflow.sklearn.load_model(args.model), validation[FEATURES]))
    simple = scores(truth, baseline(labels(train), len(validation)))
    metrics = {**model, **{f"baseline_{name}": value for name, value in simple.items()}}

    report = {"better_than_baseline": is_better(model, simple), "rows": len(validation), "metrics": metrics}
    (Path(args.evaluation) / "evaluation.json").write_text(json.dumps(report, indent=2))
    mlflow.log_metrics(metrics)
    mlflow.log_artifacts(args.evaluation)
    for name, value in metrics.items():
        print(f"{name:28}{value:.4f}")


if __name__ == "__main__":
    main()
