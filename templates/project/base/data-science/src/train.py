"""Fits gradient-boosted trees and logs the model with its signature, parameters and an example."""

import argparse
from importlib.metadata import version

import mlflow
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import TargetEncoder

from columns import CATEGORIES, FEATURES
from tables import read_rows
from task import FOLDS, SERVED, answers, labels, scores, trees

# What the model needs to be loaded and served: the versions it was trained with.
REQUIREMENTS = [f"{name}=={version(name)}" for name in ["mlflow-skinny", "pandas", "scikit-learn", "skops"]]

# The model is kept in skops' format, which loads no code but what is named here; a pickle would load anything.
TRUSTED_TYPES = [
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    f"sklearn.model_selection._split.{type(FOLDS).__name__}",
]


def build_model(learning_rate: float, max_iter: int) -> Pipeline:
    """Categories become what is known of the target for each (cross-fitted), so that the trees stay small. Missing
    numbers go where the trees send them, and nothing is scaled: trees do not need it."""
    encoded = [("categories", TargetEncoder(cv=FOLDS), CATEGORIES)] if CATEGORIES else []
    columns = ColumnTransformer(encoded, remainder="passthrough")
    return Pipeline([("columns", columns), ("trees", trees(learning_rate, max_iter))])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", required=True, help="folder written by prep")
    parser.add_argument("--learning-rate", type=float, default=0.1)
    parser.add_argument("--max-iter", type=int, default=100)
    parser.add_argument("--model", required=True, help="output folder")
    args = parser.parse_args()

    rows = read_rows(args.train)
    features, truth = rows[FEATURES], labels(rows)
    with mlflow.start_run():
        model = build_model(args.learning_rate, args.max_iter)
        mlflow.log_params(model["trees"].get_params())
        model.fit(features, truth)
        given = answers(model, features)
        mlflow.log_metrics({f"train_{name}": value for name, value in scores(truth, given).items()})
        logged = mlflow.sklearn.log_model(
            model,
            name="model",
            pyfunc_predict_fn=SERVED,
            serialization_format="skops",
            skops_trusted_types=TRUSTED_TYPES,
            signature=mlflow.models.infer_signature(features, given),
            input_example=features.head(3),
            pip_requirements=REQUIREMENTS,
        )
        mlflow.artifacts.download_artifacts(logged.model_uri, dst_path=args.model)
    print(f"trained on {len(rows):,} rows: {logged.model_uri}")


if __name__ == "__main__":
    main()
