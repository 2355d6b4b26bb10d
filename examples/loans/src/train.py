"""Learns who was given a loan, and registers the model as the next version of `loan-decision`.

`none` takes every column there is, origin and neighbourhood too. `equal_rates` learns without them, and then accepts in
each group from that probability on at which the groups' rates of acceptance are alike.
"""

import argparse
import json
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
import numpy as np
import pandas as pd
import skops.io
from mlflow.models import infer_signature
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from loans import FEATURES, GROUP, TARGET, THOUGHTLESS

#: What serves the model: pinned, so that what was tested is what runs.
REQUIREMENTS = [f"{name}=={version(name)}" for name in ["mlflow-skinny", "pandas", "scikit-learn", "skops"]]


def learn(columns, data):
    model = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression(max_iter=2000))
    return model.fit(data[columns], data[TARGET])


def equal_rates(model, data):
    """Thresholds at which both groups are accepted as often as all are at one half."""
    probabilities = model.predict_proba(data[FEATURES])[:, 1]
    rate = (probabilities >= 0.5).mean()
    return {
        int(group): float(np.quantile(probabilities[(data[GROUP] == group).to_numpy()], 1 - rate))
        for group in sorted(data[GROUP].unique())
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with loans.csv")
    parser.add_argument("--mitigation", choices=["none", "equal_rates"], required=True)
    args = parser.parse_args()

    data = pd.read_csv(Path(args.data) / "loans.csv").astype({name: "float64" for name in THOUGHTLESS})
    mlflow.log_param("mitigation", args.mitigation)
    if args.mitigation == "none":
        model = learn(THOUGHTLESS, data)
        example = data[THOUGHTLESS].head(5)
        mlflow.sklearn.log_model(
            model,
            name="model",
            serialization_format="skops",
            skops_trusted_types=["numpy.dtype"],
            pip_requirements=REQUIREMENTS,
            signature=infer_signature(example, model.predict(example)),
            registered_model_name="loan-decision",
        )
        return
    model = learn(FEATURES, data)
    here = Path(__file__).parent
    with TemporaryDirectory() as folder:
        classifier, thresholds = Path(folder) / "classifier.skops", Path(folder) / "thresholds.json"
        skops.io.dump(model, classifier)
        thresholds.write_text(json.dumps(equal_rates(model, data)))
        example = data[[*FEATURES, GROUP]].head(5)
        mlflow.pyfunc.log_model(
            name="model",
            python_model=str(here / "equal_rates.py"),
            code_paths=[str(here / "loans.py")],
            artifacts={"classifier": str(classifier), "thresholds": str(thresholds)},
            pip_requirements=REQUIREMENTS,
            signature=infer_signature(example, data[TARGET].head(5)),
            registered_model_name="loan-decision",
        )


if __name__ == "__main__":
    main()
