"""How much each column matters to a model of the target: the mean |SHAP| of a surrogate.

    python importances.py --rows FILE

Azure ML's definition (`compute_feature_importance.py` of its model monitoring): LightGBM with 200 trees of depth 5 and
seed 777 learns the target from the columns, and is explained on half of the rows, at most 5,000. LightGBM's own SHAP
values of trees are exact (Lundberg et al., 2020), so no other package is asked.
"""

import rows

TREES = {
    "boosting_type": "gbdt",
    "learning_rate": 0.1,
    "max_depth": 5,
    "n_estimators": 200,
    "n_jobs": 1,
    "random_state": 777,
    "verbose": -1,
}
MOST_EXPLAINED = 5000
MOST_CLASSES = 200


def importances(asked, given):
    import numpy
    from lightgbm import LGBMClassifier, LGBMRegressor
    from sklearn.model_selection import train_test_split

    columns, target = asked["columns"], asked["target"]
    frame = rows.read(given["rows"], [*columns, target])
    frame = frame[frame[target].notna()].reset_index(drop=True)
    if len(frame) < 2:
        raise LookupError("The column '%s' has no value in %d rows." % (target, len(frame)))
    truth = frame[target]
    distinct = truth.nunique()
    if distinct < 2:
        raise LookupError("The column '%s' has one value only (%s): nothing can be learned from it." % (target, truth[0]))
    if asked["task"] == "classification" and distinct > MOST_CLASSES:
        raise LookupError("The column '%s' has %d classes, more than %d." % (target, distinct, MOST_CLASSES))
    features = rows.plain_names(frame[columns])
    for name, column in zip(features.columns, columns):
        if column in asked["categorical"]:
            features[name] = features[name].astype("category")
    learner = LGBMClassifier if asked["task"] == "classification" else LGBMRegressor
    model = learner(**TREES).fit(features, truth.to_numpy())
    explained = MOST_EXPLAINED if len(features) > 2 * MOST_EXPLAINED else 0.5
    _, chosen = train_test_split(numpy.arange(len(features)), test_size=explained, random_state=0)
    values = model.booster_.predict(features.iloc[chosen], pred_contrib=True)
    # One block of columns for each class, each with its expected value last.
    blocks = numpy.abs(values).reshape(len(chosen), -1, len(columns) + 1)[:, :, :-1]
    mean = blocks.mean(axis=(0, 1))
    print("%d rows, %d of them explained" % (len(features), len(chosen)))
    return {
        "rows": len(features),
        "explained": len(chosen),
        "importances": [{"column": name, "value": float(value)} for name, value in zip(columns, mean)],
    }


if __name__ == "__main__":
    rows.answer(importances)
