"""Fits a forest and saves it as an MLflow model into the output folder."""

import argparse
from importlib.metadata import version
from pathlib import Path

import mlflow
import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import r2_score

parser = argparse.ArgumentParser()
parser.add_argument("--train_data")
parser.add_argument("--model_output")
args = parser.parse_args()

mlflow.start_run()
rides = pd.read_parquet(args.train_data)
features, minutes = rides.drop(columns="minutes"), rides["minutes"]
model = RandomForestRegressor(n_estimators=20, min_samples_leaf=4, random_state=0).fit(features, minutes)
mlflow.log_params({"model": "RandomForestRegressor", "n_estimators": 20, "min_samples_leaf": 4})
mlflow.log_metric("train r2", r2_score(minutes, model.predict(features)))

note = Path("leaves.txt")
note.write_text(f"{sum(tree.get_n_leaves() for tree in model.estimators_)}\n")
mlflow.log_artifact(note)

requirements = [f"{name}=={version(name)}" for name in ["mlflow-skinny", "pandas", "scikit-learn"]]
mlflow.sklearn.save_model(model, args.model_output, pip_requirements=requirements)
mlflow.end_run()
