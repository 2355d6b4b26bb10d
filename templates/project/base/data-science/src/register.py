"""Registers the model that train logged, unless it is no better than the baseline. Run again for the same model, it
changes nothing."""

import argparse
import json
from pathlib import Path

import mlflow
from mlflow.models import Model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True, help="name in the registry")
    parser.add_argument("--model", required=True, help="folder written by train")
    parser.add_argument("--evaluation", required=True, help="folder written by evaluate")
    parser.add_argument("--model-info", required=True, help="output folder")
    args = parser.parse_args()

    evaluation = json.loads((Path(args.evaluation) / "evaluation.json").read_text())
    figures = {name: f"{value:.4f}" for name, value in evaluation["metrics"].items()}
    if not evaluation["better_than_baseline"]:
        raise SystemExit(f"not registered: no better than the baseline: {figures}")

    # The model's folder says which run logged it: registered by that, it keeps its lineage to data and code.
    trained = Model.load(args.model)
    known = [
        version
        for version in mlflow.MlflowClient().search_model_versions(f"name='{args.name}'")
        if version.run_id == trained.run_id
    ]
    version = known[0] if known else mlflow.register_model(f"models:/{trained.model_id}", args.name, tags=figures)

    info = {"id": f"{args.name}:{version.version}", "run_id": trained.run_id, "model_id": trained.model_id}
    (Path(args.model_info) / "model_info.json").write_text(json.dumps(info, indent=2))
    mlflow.set_tag("model", info["id"])
    print(f"{'already registered' if known else 'registered'} as {info['id']}")


if __name__ == "__main__":
    main()
