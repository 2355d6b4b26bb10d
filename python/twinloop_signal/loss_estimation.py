"""How wrong a regression model is on rows whose truth is not yet known, by a model of its losses.

    python loss_estimation.py --reference FILE --production FILE

NannyML's direct loss estimation (`DLE`): for each loss, LightGBM with its defaults learns from the reference what the loss
of a row is, given the features and the prediction; its predictions for the production rows, none below 0, are averaged.
Limits are mean ± deviations of the loss that came true in equal parts of the reference, in their order.
"""

import rows

#: What categories are where there is none.
MISSING = "NML_missing_value"


def losses(truth, said):
    """Of each row: absolute, relative, squared and squared logarithmic error; None for logarithms of negative numbers."""
    import numpy

    logarithmic = None
    if (truth >= 0).all() and (said >= 0).all():
        logarithmic = (numpy.log1p(truth) - numpy.log1p(said)) ** 2
    relative = abs(truth - said) / numpy.maximum(numpy.finfo("float64").eps, abs(truth))
    return {"absolute": abs(truth - said), "relative": relative, "squared": (truth - said) ** 2, "logarithmic": logarithmic}


#: Each metric with its loss, and whether it is the root of the loss's mean.
METRICS = {
    "mae": ("absolute", False),
    "mape": ("relative", False),
    "mse": ("squared", False),
    "rmse": ("squared", True),
    "msle": ("logarithmic", False),
    "rmsle": ("logarithmic", True),
}


def estimate(asked, given):
    import numpy
    from lightgbm import LGBMRegressor
    from sklearn.preprocessing import OrdinalEncoder

    columns, prediction, target = asked["columns"], asked["prediction"], asked["target"]
    reference = rows.read(given["reference"], [*columns, prediction, target]).dropna(subset=[prediction, target])
    divided_by = [name for names in asked["segments"] for name in names]
    production = rows.read(given["production"], dict.fromkeys([*columns, prediction, *divided_by])).dropna(subset=[prediction])
    for name, frame in (("reference", reference), ("production", production)):
        if len(frame) == 0:
            what = "a prediction and its truth" if name == "reference" else "a prediction"
            raise LookupError("No %s row has %s." % (name, what))
    names = []
    learned, asked_of = (rows.plain_names(frame[[*columns, prediction]]) for frame in (reference, production))
    for name, column in zip(learned.columns, columns):
        if column in asked["categorical"]:
            names.append(name)
            encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
            # An unknown category is 0: LightGBM takes -1 for missing.
            learned[name] = encoder.fit_transform(texts(learned[name])).ravel() + 1
            asked_of[name] = encoder.transform(texts(asked_of[name])).ravel() + 1
    truth, said = (reference[name].to_numpy(dtype="float64") for name in (target, prediction))
    real = losses(truth, said)
    models = {}
    found, notes = {}, []
    parts = numpy.linspace(0, len(truth), asked["chunks"] + 1).astype(int)
    for metric, (loss, root) in METRICS.items():
        if metric not in asked["metrics"]:
            continue
        of_rows = real[loss]
        if of_rows is None:
            notes.append("%s is of numbers that are not negative; truth or predictions of the reference are." % metric)
            continue
        if loss not in models:
            model = LGBMRegressor(n_jobs=1, verbose=-1)
            model.fit(learned, of_rows, categorical_feature=names)
            models[loss] = numpy.maximum(0, model.predict(asked_of))
        mean = float(models[loss].mean())
        value = mean**0.5 if root else mean
        came_true = [of_rows[a:b].mean() for a, b in zip(parts, parts[1:]) if b > a]
        came_true = numpy.sqrt(came_true) if root else numpy.asarray(came_true)
        segments = [
            {"set": place, "segment": list(key), "rows": len(of), "value": float(of.mean()) ** 0.5 if root else float(of.mean())}
            for place, names in enumerate(asked["segments"])
            for key, of in of_segments(models[loss], production, names)
        ]
        for one in segments:
            one["sampling_error"] = sampling_error(of_rows, root, one["rows"])
        found[metric] = {
            "segments": segments,
            "value": value,
            "sampling_error": sampling_error(of_rows, root, len(production)),
            "reference": float(of_rows.mean()) ** 0.5 if root else float(of_rows.mean()),
            "chunks": [float(one) for one in came_true],
            "mean": float(numpy.mean(came_true)),
            "deviation": float(numpy.std(came_true)),
        }
    print("%d reference and %d production rows" % (len(reference), len(production)))
    return {"rows": [len(reference), len(production)], "metrics": found, "notes": notes}


def of_segments(losses, production, names):
    """The losses of the rows that have the same values in these columns; of rows that miss one, none."""
    import pandas

    keys = [production[name].to_numpy() for name in names]
    for key, of in pandas.Series(losses).groupby(keys, sort=True):
        yield (key if isinstance(key, tuple) else (key,)), of


def texts(column):
    return column.astype("object").where(column.notna(), MISSING).to_numpy().reshape(-1, 1)


def sampling_error(of_rows, root, count):
    """Standard error of a mean over so many rows by the reference's losses; of a root by the delta method."""
    import numpy

    error = float(numpy.std(of_rows)) / count**0.5
    mean = float(of_rows.mean())
    return error if not root else error / (2 * mean**0.5) if mean > 0 else 0.0


if __name__ == "__main__":
    rows.answer(estimate)
