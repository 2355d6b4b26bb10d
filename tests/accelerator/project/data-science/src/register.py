"""Logs the model of an earlier step in this run, and registers it from there if it is to be deployed."""

import argparse
import json
from importlib.metadata import version
from pathlib import Path

import mlflow

parser = argparse.ArgumentParser()
for name in ["model_name", "model_path", "evaluation_output", "model_info_output_path"]:
    parser.add_argument(f"--{name}")
args = parser.parse_args()

run = mlflow.start_run()
deploy = int((Path(args.evaluation_output) / "deploy_flag").read_text())
mlflow.log_metric("deploy flag", deploy)
if deploy == 1:
    requirements = [f"{name}=={version(name)}" for name in ["mlflow-skinny", "pandas", "scikit-learn"]]
    model = mlflow.sklearn.load_model(args.model_path)
    mlflow.sklearn.log_model(model, args.model_name, pip_requirements=requirements)
    made = mlflow.register_model(f"runs:/{run.info.run_id}/{args.model_name}", args.model_name)
    info = {"id": f"{args.model_name}:{made.version}"}
    (Path(args.model_info_output_path) / "model_info.json").write_text(json.dumps(info))
mlflow.end_run()
