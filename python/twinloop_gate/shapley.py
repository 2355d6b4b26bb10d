"""SHAP values of a model by the explainers of the shap package that are exact: for trees and for linear models."""

#: Rows of SHAP values that are kept for a drawing, and columns.
KEPT_ROWS = 150
KEPT_COLUMNS = 8


def shapley(explained):
    """
    Mean |SHAP| by column, and a sample of values. Those of what preprocessing makes of a column are added up: they are told
    by the columns that people know. Raises a LookupError that says why there are none.
    """
    import numpy

    try:
        import shap
    except ImportError:
        raise LookupError("the shap package is not installed")
    model, frame, parents = taken_apart(explained)
    explainer = explainer_of(shap, model, frame)
    values = of_class(explainer.shap_values(frame), len(frame), explained.positive)
    if values.shape[1] != len(parents):
        raise LookupError("there are %d values a row for %d inputs" % (values.shape[1], len(parents)))
    names = [name for name in explained.columns if name in parents]
    summed = {name: values[:, [i for i, parent in enumerate(parents) if parent == name]].sum(axis=1) for name in names}
    ranked = sorted(names, key=lambda name: -float(numpy.abs(summed[name]).mean()))
    return {
        "method": "%s of shap %s" % (type(explainer).__name__.replace("Explainer", " explainer"), shap.__version__),
        "rows": len(frame),
        "columns": [{"column": name, "mean": float(numpy.abs(summed[name]).mean())} for name in ranked],
        "sample": [
            {
                "column": name,
                "shap": [float("%.4g" % value) for value in summed[name][:KEPT_ROWS]],
                "value": ranks_of(explained.frame[name])[:KEPT_ROWS],
            }
            for name in ranked[:KEPT_COLUMNS]
        ],
    }


def explainer_of(shap, model, frame):
    if hasattr(model, "coef_"):
        return shap.LinearExplainer(model, frame)
    try:
        return shap.TreeExplainer(model)
    except Exception:
        raise LookupError("shap has no exact explainer for a %s" % type(model).__name__)


def of_class(given, rows, positive):
    """A matrix of rows by inputs; older versions put classes first or in a list, newer ones last."""
    import numpy

    if isinstance(given, list):
        given = numpy.stack(given, axis=-1) if len(given) > 1 else given[0]
    values = numpy.asarray(given, dtype="float64")
    if values.ndim == 2:
        return values
    if values.shape[0] != rows:
        values = numpy.moveaxis(values, 0, -1)
    last = values.shape[2] - 1
    return values[:, :, last if positive is None else min(positive, last)]


def ranks_of(column):
    """Where each value stands among the others, 0 to 1; None for what has no order."""
    if column.dtype.kind not in "iuf":
        return [None] * len(column)
    return [None if rank != rank else float("%.3g" % rank) for rank in column.rank(pct=True)]


def taken_apart(explained):
    """The last step of a model, what it is given, and the column that each of its inputs comes from."""
    model = explained.scorer.flavour
    frame = explained.scorer._inputs(explained.frame)
    if model is None:
        raise LookupError("the model is a function, and only its answers can be seen")
    if not hasattr(model, "steps"):
        return model, frame, [str(name) for name in frame.columns]
    before, last = model[:-1], model[-1]
    if len(before) == 0:
        return last, frame, [str(name) for name in frame.columns]
    given = before.transform(frame)
    given = given.toarray() if hasattr(given, "toarray") else given
    try:
        names = [str(name) for name in before.get_feature_names_out()]
    except Exception:
        raise LookupError("its preprocessing does not say what comes of which column")
    columns = [str(column) for column in frame.columns]
    parents = [parent_of(name, columns) for name in names]
    if None in parents:
        raise LookupError("'%s' of its preprocessing comes of no single column" % names[parents.index(None)])
    return last, given, parents


def parent_of(name, columns):
    """`onehot__carrier_AA` comes of `carrier`: the longest column that the name, without its steps, is or begins with."""
    candidates = [name]
    while "__" in candidates[-1]:
        candidates.append(candidates[-1].split("__", 1)[1])
    for candidate in candidates:
        found = [column for column in columns if candidate == column or candidate.startswith(column + "_")]
        if found:
            return max(found, key=len)
    return None
