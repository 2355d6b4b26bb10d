/*
 * Models of made-up loans and flowers, trained by scikit-learn, and what scikit-learn and fairlearn say of them.
 */

/** Trains the models and writes the tables, into a folder that is the first argument; the others are requirements. */
export const train = `
import os, sys
import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression, LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, FunctionTransformer

folder, reqs = sys.argv[1], sys.argv[2:]
rng = np.random.default_rng(0)

def loans(n):
    X = pd.DataFrame({
        "income": rng.normal(50, 15, n).round(2),
        "debt": rng.uniform(0, 1, n).round(4),
        "sex": rng.choice(["f", "m"], n),
        "race": rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]),
        "age": rng.integers(18, 80, n),
    })
    logit = (X.income - 50) / 12 - 2.5 * (X.debt - 0.5) + 0.5 * (X.sex == "m") - 0.4 * (X.race == "c")
    X["paid"] = np.where(rng.uniform(size=n) < 1 / (1 + np.exp(-logit)), "yes", "no")
    X["amount"] = (X.income * 3 + rng.normal(0, 20, n)).round(2)
    return X

def flowers(n):
    species = rng.choice(["iris", "lily", "rose"], n, p=[0.5, 0.3, 0.2])
    shift = pd.Series(species).map({"iris": 0, "lily": 1, "rose": 2})
    return pd.DataFrame({"length": rng.normal(5 + shift, 1).round(3), "width": rng.normal(3 - shift / 2, 1).round(3), "species": species})

training, test = loans(3000), loans(1500)
test.loc[:6, "age"] = 150
test.to_csv(os.path.join(folder, "loans.csv"), index=False)

def save(name, model, X, y, **more):
    encode = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), [c for c in X if X[c].dtype == object]), remainder="passthrough")
    fitted = make_pipeline(*getattr(model, "before", []), encode, model).fit(X, y)
    mlflow.sklearn.save_model(fitted, os.path.join(folder, name), **{"signature": infer_signature(X, fitted.predict(X)), "pip_requirements": reqs, **more})

save("better", LogisticRegression(max_iter=2000), training[["income", "debt", "sex", "race", "age"]], training.paid)
save("unsigned", LogisticRegression(max_iter=2000), training[["income", "debt", "sex", "race", "age"]], training.paid, signature=None, pyfunc_predict_fn="predict_proba")
save("worse", LogisticRegression(max_iter=2000), training[["debt", "sex"]], training.paid)
save("amounts", LinearRegression(), training[["income", "debt"]], training.amount)

def young(X):
    if (X["age"] > 120).any():
        raise ValueError("somebody is too old")
    return X

brittle = LogisticRegression(max_iter=2000)
brittle.before = [FunctionTransformer(young)]
save("brittle", brittle, training[["income", "debt", "sex", "race", "age"]], training.paid)

grown = flowers(900)
save("species", LogisticRegression(max_iter=2000), grown[["length", "width"]], grown.species)
flowers(700).to_csv(os.path.join(folder, "flowers.csv"), index=False)
`

/** Prints what scikit-learn and fairlearn say of the models in the folder. */
export const oracle = `
import json, os, sys
import mlflow.sklearn
import numpy as np
import pandas as pd
from fairlearn import metrics as fair
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression

folder = sys.argv[1]
load = lambda name: mlflow.sklearn.load_model(os.path.join(folder, name))
rows = pd.read_csv(os.path.join(folder, "loans.csv"))
y = (rows.paid == "yes").astype(int)

def figures(name, columns):
    model = load(name)
    p = model.predict_proba(rows[columns])[:, 1]
    said = (model.predict(rows[columns]) == "yes").astype(int)
    fpr, tpr, _ = sk.roc_curve(y, p)
    return p, said, {
        "roc_auc": sk.roc_auc_score(y, p), "log_loss": sk.log_loss(y, p), "average_precision": sk.average_precision_score(y, p),
        "brier_score": sk.brier_score_loss(y, p), "accuracy": sk.accuracy_score(y, said), "f1_score": sk.f1_score(y, said),
        "ks": float(np.max(np.abs(tpr - fpr))),
    }

p, said, candidate = figures("better", ["income", "debt", "sex", "race", "age"])
_, _, champion = figures("worse", ["debt", "sex"])

features = {"sex": rows.sex, "race": rows.race, "sex and race": rows[["sex", "race"]]}
names = ["demographic_parity_difference", "demographic_parity_ratio", "equalized_odds_difference", "equalized_odds_ratio", "equal_opportunity_difference", "equal_opportunity_ratio"]
fairness = {n: {f: getattr(fair, n)(y, said, sensitive_features=v) for f, v in features.items()} for n in names}
kinds = {"selection_rate": fair.selection_rate, "true_positive_rate": fair.true_positive_rate, "false_positive_rate": fair.false_positive_rate, "count": fair.count, "accuracy": sk.accuracy_score}
frames = {}
for f, v in features.items():
    frame = fair.MetricFrame(metrics=kinds, y_true=y, y_pred=said, sensitive_features=v)
    frames[f] = {k: {"overall": float(frame.overall[k]), "groups": {" × ".join(g) if isinstance(g, tuple) else g: float(x) for g, x in frame.by_group[k].items()}} for k in kinds}

logit = np.log(p / (1 - p))
cox = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(logit.reshape(-1, 1), y)
observed, predicted = calibration_curve(y, p, n_bins=10)
calibration = {
    "ratio": y.mean() / p.mean(), "slope": float(cox.coef_[0, 0]), "curve": [observed.tolist(), predicted.tolist()],
    "spiegelhalter": float(((y - p) * (1 - 2 * p)).sum() / np.sqrt(((1 - 2 * p) ** 2 * p * (1 - p)).sum())),
}

flowers = pd.read_csv(os.path.join(folder, "flowers.csv"))
model = load("species")
q, kind = model.predict_proba(flowers[["length", "width"]]), model.predict(flowers[["length", "width"]])
auc = lambda **more: sk.roc_auc_score(flowers.species, q, **more)
species = {
    "roc_auc_ovr": auc(multi_class="ovr"), "roc_auc_ovr_weighted": auc(multi_class="ovr", average="weighted"), "roc_auc_ovo": auc(multi_class="ovo"),
    "log_loss": sk.log_loss(flowers.species, q), "f1_score_macro": sk.f1_score(flowers.species, kind, average="macro"),
    "matthews_correlation": sk.matthews_corrcoef(flowers.species, kind),
}
a = load("amounts").predict(rows[["income", "debt"]])
amounts = {"root_mean_squared_error": float(np.sqrt(sk.mean_squared_error(rows.amount, a))), "mean_absolute_error": sk.mean_absolute_error(rows.amount, a), "r2_score": sk.r2_score(rows.amount, a)}
by_sex = {s: sk.roc_auc_score(y[rows.sex == s], p[rows.sex == s]) for s in ("f", "m")}
print(json.dumps({"candidate": candidate, "champion": champion, "slices": by_sex, "confusion": sk.confusion_matrix(y, said).tolist(),
    "species": species, "amounts": amounts, "fairness": fairness, "frames": frames, "calibration": calibration}))
`
