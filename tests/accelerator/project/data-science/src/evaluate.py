"""Compares the new model with every registered version; it is to be deployed if none is better."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient
from sklearn.metrics import mean_absolute_error, r2_score

parser = argparse.ArgumentParser()
for name in ["model_name", "model_input", "test_data", "evaluation_output"]:
    parser.add_argument(f"--{name}")
args = parser.parse_args()

mlflow.start_run()
rides = pd.read_parquet(args.test_data)
features, minutes = rides.drop(columns="minutes"), rides["minutes"]
predicted = mlflow.sklearn.load_model(args.model_input).predict(features)
score = r2_score(minutes, predicted)
mlflow.log_metric("test r2", score)
mlflow.log_metric("test mae", mean_absolute_error(minutes, predicted))

others = {
    version.version: r2_score(
        minutes, mlflow.pyfunc.load_model(f"models:/{args.model_name}/{version.version}").predict(features)
    )
    for version in MlflowClient().search_model_versions(f"name='{args.model_name}'")
}
deploy = int(score >= max(others.values(), default=score))
mlflow.log_metric("deploy flag", deploy)

output = Path(args.evaluation_output)
(output / "deploy_flag").write_text(str(deploy))
(output / "others.txt").write_text("\n".join(f"{v} {r2:.4f}" for v, r2 in sorted(others.items())))
mlflow.log_artifact(output / "others.txt")
mlflow.end_run()
