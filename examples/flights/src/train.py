"""Fits gradient-boosted trees and logs the model with its signature, parameters and learning curve."""

import argparse
from importlib.metadata import version

import mlflow
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import TargetEncoder

from flights import CATEGORIES, FEATURES, TARGET, read_rows

# What the model needs to be loaded and served: the versions it was trained with.
REQUIREMENTS = [f"{name}=={version(name)}" for name in ["mlflow-skinny", "pandas", "scikit-learn", "skops"]]

# The model is kept in skops' format, which loads no code but what is named here (a pickle would load anything).
TRUSTED_TYPES = [
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.model_selection._split.StratifiedKFold",
]


def model(learning_rate: float, max_iter: int) -> Pipeline:
    """Categories become their (cross-fitted) rate of late flights, so that the trees stay small; missing values
    (unknown planes, calm air without gusts) are the trees' own business. No scaling: trees do not need it."""
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    late_rate = TargetEncoder(target_type="binary", cv=folds)
    columns = ColumnTransformer([("late_rate", late_rate, CATEGORIES)], remainder="passthrough")
    trees = HistGradientBoostingClassifier(
        learning_rate=learning_rate,
        max_iter=max_iter,
        max_leaf_nodes=15,
        min_samples_leaf=200,
        l2_regularization=10.0,
        early_stopping=False,
        random_state=0,
    )
    return Pipeline([("columns", columns), ("trees", trees)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", required=True, help="folder written by prepare")
    parser.add_argument("--learning-rate", type=float, default=0.06)
    parser.add_argument("--max-iter", type=int, default=150)
    parser.add_argument("--model", required=True, help="output folder")
    args = parser.parse_args()

    rows = read_rows(args.train)
    features, late = rows[FEATURES], rows[TARGET]
    with mlflow.start_run():
        pipeline = model(args.learning_rate, args.max_iter)
        mlflow.log_params(pipeline["trees"].get_params())
        pipeline.fit(features, late)

        encoded = pipeline["columns"].transform(features)
        for step, chances in enumerate(pipeline["trees"].staged_predict_proba(encoded), start=1):
            if step % 10 == 0 or step == args.max_iter:
                mlflow.log_metric("train_log_loss", log_loss(late, chances[:, 1]), step=step)
        chances = pipeline.predict_proba(features)
        mlflow.log_metric("train_roc_auc", roc_auc_score(late, chances[:, 1]))

        # Served, the model answers with chances (on time, late) rather than with a yes or no.
        logged = mlflow.sklearn.log_model(
            pipeline,
            name="model",
            pyfunc_predict_fn="predict_proba",
            serialization_format="skops",
            skops_trusted_types=TRUSTED_TYPES,
            signature=mlflow.models.infer_signature(features, chances),
            input_example=features.head(3),
            pip_requirements=REQUIREMENTS,
        )
        mlflow.artifacts.download_artifacts(logged.model_uri, dst_path=args.model)
    print(f"trained on {len(rows):,} flights: {logged.model_uri}")


if __name__ == "__main__":
    main()
