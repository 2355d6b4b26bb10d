"""How well reference and production rows can be told apart: the ROC AUC of a cross-validated classifier.

    python domain_classifier.py --reference FILE --production FILE

NannyML's definition (`DomainClassifierCalculator`): LightGBM with its defaults and seed 13 in stratified folds in the
rows' order; the area is that of all folds' scores together. Its interval is DeLong's (1988), on the logit as pROC has it
for areas near 1.
"""

import rows

TREES = {"n_estimators": 100, "learning_rate": 0.1, "num_leaves": 31, "n_jobs": 1, "random_state": 13, "verbose": -1}
FOLDS = 5


def domain_classifier(asked, given):
    import numpy
    import pandas
    from lightgbm import LGBMClassifier
    from sklearn.model_selection import StratifiedKFold

    columns, categorical = asked["columns"], asked["categorical"]
    sides = [rows.read(given[side], columns) for side in ("reference", "production")]
    for side, frame in zip(("reference", "production"), sides):
        if len(frame) < FOLDS:
            raise LookupError("There are %d %s rows; %d folds need as many." % (len(frame), side, FOLDS))
    labels = numpy.concatenate([numpy.full(len(frame), i, dtype="float64") for i, frame in enumerate(sides)])
    both = pandas.concat(sides, ignore_index=True)
    features = rows.plain_names(both[[c for c in columns if c in categorical] + [c for c in columns if c not in categorical]])
    names = list(features.columns[: len(categorical)])
    for name in names:
        codes = features[name].astype("category").cat.codes.to_numpy(dtype="float64")
        features[name] = numpy.where(codes < 0, numpy.nan, codes)
    scores = numpy.zeros(len(labels))
    gains = numpy.zeros(len(columns))
    for train, test in StratifiedKFold(n_splits=FOLDS).split(features, labels):
        model = LGBMClassifier(**TREES).fit(features.iloc[train], labels[train], categorical_feature=names)
        scores[test] = model.predict_proba(features.iloc[test])[:, 1]
        gains += model.booster_.feature_importance("gain")
    area, variance = delong(scores[labels == 1], scores[labels == 0])
    print("%d and %d rows: ROC AUC %.4f" % (len(sides[0]), len(sides[1]), area))
    order = [c for c in columns if c in categorical] + [c for c in columns if c not in categorical]
    return {
        "auc": area,
        "variance": variance,
        "rows": [len(frame) for frame in sides],
        "gains": [{"column": name, "value": float(gain)} for name, gain in zip(order, gains / max(gains.sum(), 1e-300))],
    }


def delong(positive, negative):
    """The area and its variance by midranks (DeLong, DeLong and Clarke-Pearson, 1988; Sun and Xu, 2014)."""
    import numpy
    from scipy.stats import rankdata

    m, n = len(positive), len(negative)
    both = rankdata(numpy.concatenate([positive, negative]))
    above = (both[:m] - rankdata(positive)) / n
    below = 1 - (both[m:] - rankdata(negative)) / m
    return float(above.mean()), float(above.var(ddof=1) / m + below.var(ddof=1) / n)


if __name__ == "__main__":
    rows.answer(domain_classifier)
