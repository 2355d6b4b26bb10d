"""scikit-learn's estimators at the end of a pipeline."""

import numpy

from .answers import both_chances, chances_or_labels, matrix, most_likely, vector
from .boosters import BOOSTERS
from .columns import Block, Unconvertible
from .transformers import as_block, column_transformer, transform
from .trees import EQUAL, LESS_OR_EQUAL, Ensemble, add_arrays


def estimate(work, model, given, method):
    """The answer of `model.method` (predict or predict_proba) on input columns or a block."""
    if hasattr(model, "best_estimator_"):
        return estimate(work, model.best_estimator_, given, method)
    if hasattr(model, "steps"):
        for _, step in model.steps[:-1]:
            given = transform(work, step, given)
        return estimate(work, model.steps[-1][1], given, method)
    name, module = type(model).__name__, type(model).__module__.split(".")[0]
    if module in BOOSTERS:
        return BOOSTERS[module](work, model, as_block(work, given), method)
    if module != "sklearn" or name not in ESTIMATORS:
        raise Unconvertible("there is no exact conversion of %s" % name)
    if method == "predict_proba" and not hasattr(model, "predict_proba"):
        raise Unconvertible("%s has no predict_proba" % name)
    return ESTIMATORS[name](work, model, given, method)


def linear_scores(work, model, block):
    """Rows by outputs: coefficients times features plus intercepts."""
    work.require_finite(block, allow_nan=False)
    coefficients = numpy.atleast_2d(numpy.asarray(model.coef_, dtype="float64"))
    product = work.add("MatMul", [block.tensor, work.constant(coefficients.T)])
    product = work.rounded(product) if block.single else product
    # Where the model cuts a feature: at zero of its whole score with the others at nought.
    offsets = numpy.broadcast_to(numpy.asarray(model.intercept_, dtype="float64"), (len(coefficients),))
    for row, offset in zip(coefficients, offsets):
        for origin, weight in zip(block.origins, row):
            if weight:
                work.cut(origin, -offset / weight)
    return work.add("Add", [product, work.constant(offsets)]), len(coefficients)


def linear_regressor(work, model, given, method):
    block = as_block(work, given)
    scores, outputs = linear_scores(work, model, block)
    if type(model).__name__ in EXPONENTIAL:
        if type(model._base_loss.link).__name__ not in ("LogLink", "IdentityLink"):
            raise Unconvertible("%s has an unusual link" % type(model).__name__)
        scores = work.add("Exp", [scores]) if type(model._base_loss.link).__name__ == "LogLink" else scores
    if numpy.ndim(model.coef_) > 1:
        return matrix(scores, outputs, block.single)
    return vector(work, scores, block.single)


EXPONENTIAL = ("PoissonRegressor", "GammaRegressor", "TweedieRegressor")


def linear_classifier(work, model, given, method):
    block = as_block(work, given)
    scores, outputs = linear_scores(work, model, block)
    classes = model.classes_
    if outputs == 1:
        two = work.add("Concat", [work.add("Neg", [scores]), scores], axis=1)
    if method == "predict":
        return most_likely(work, two if outputs == 1 else scores, classes)
    kind = probability_formula(model, outputs)
    if kind == "sigmoid":
        chances = work.add("Sigmoid", [scores])
        if outputs == 1:
            chances = both_chances(work, chances)
        else:
            chances = work.add("Div", [chances, work.add("ReduceSum", [chances, work.constant([1], "int64")])])
    else:
        chances = work.add("Softmax", [two if outputs == 1 else scores], axis=1)
    return matrix(chances, len(classes), block.single)


def probability_formula(model, outputs):
    """Which formula this version of scikit-learn uses for this model, found by asking it."""
    sample = numpy.random.RandomState(0).normal(size=(50, numpy.atleast_2d(model.coef_).shape[1]))
    said = model.predict_proba(sample)
    scores = sample @ numpy.atleast_2d(model.coef_).T + model.intercept_
    one = 1 / (1 + numpy.exp(-scores))
    one = numpy.hstack([1 - one, one]) if outputs == 1 else one / one.sum(axis=1, keepdims=True)
    two = numpy.hstack([-scores, scores]) if outputs == 1 else scores
    two = numpy.exp(two - two.max(axis=1, keepdims=True))
    two /= two.sum(axis=1, keepdims=True)
    for name, formula in (("sigmoid", one), ("softmax", two)):
        if numpy.allclose(said, formula, rtol=0, atol=1e-12):
            return name
    raise Unconvertible("%s computes its chances in an unknown way" % type(model).__name__)


def narrowed(work, block):
    """The block as forests see it: in 32 bits."""
    if block.single:
        return block
    return Block(work.rounded(block.tensor), block.origins, True)


def add_sklearn_tree(work, ensemble, target, tree, value, block):
    """A tree of sklearn.tree; its thresholds are doubles, its features numbers of 32 bits."""
    leaf = tree.children_left < 0
    missing = getattr(tree, "missing_go_to_left", numpy.zeros(len(leaf)))
    for feature, threshold in zip(tree.feature[~leaf], tree.threshold[~leaf]):
        work.cut(block.origins[feature], threshold)
    add_arrays(
        ensemble, target, tree.feature, tree.threshold, tree.children_left, tree.children_right, leaf, value, missing
    )


def allows_missing(model):
    tree = model.estimators_[0] if hasattr(model, "estimators_") else model
    tree = tree if not isinstance(tree, numpy.ndarray) else tree[0]
    try:
        return bool(tree._support_missing_values(numpy.zeros((1, tree.n_features_in_), dtype="float32")))
    except AttributeError:
        return False


def forest(work, model, given, method):
    """Decision trees, random forests and extra trees: the mean of what the trees say."""
    block = narrowed(work, as_block(work, given))
    work.require_finite(block, allow_nan=allows_missing(model))
    trees = [each.tree_ for each in model.estimators_] if hasattr(model, "estimators_") else [model.tree_]
    if model.n_outputs_ != 1:
        raise Unconvertible("%s has several outputs" % type(model).__name__)
    classes = getattr(model, "classes_", None)
    outputs = 1 if classes is None else len(classes)
    ensemble = Ensemble(outputs)
    for target in range(outputs):
        for tree in trees:
            values = tree.value[:, 0, :]
            if classes is None:
                value = values[:, 0]
            else:
                totals = values.sum(axis=1)
                value = values[:, target] / numpy.where(totals == 0, 1, totals)
            add_sklearn_tree(work, ensemble, target, tree, value, block)
    total = ensemble.emit(work, block.tensor)
    mean = work.add("Div", [total, work.constant(float(len(trees)))]) if len(trees) > 1 else total
    if classes is None:
        return vector(work, mean)
    return chances_or_labels(work, mean, classes, method)


def gradient_boosting(work, model, given, method):
    block = narrowed(work, as_block(work, given))
    work.require_finite(block, allow_nan=False)
    stages = model.estimators_
    ensemble = Ensemble(stages.shape[1])
    start = numpy.atleast_2d(model._raw_predict_init(numpy.zeros((1, model.n_features_in_), dtype="float32")))
    if model.init_ != "zero" and type(model.init_).__name__ not in ("DummyClassifier", "DummyRegressor"):
        raise Unconvertible("%s starts from another model" % type(model).__name__)
    for target in range(stages.shape[1]):
        ensemble.constant(target, start[0, target])
    for stage in stages:
        for target, each in enumerate(stage):
            tree = each.tree_
            add_sklearn_tree(work, ensemble, target, tree, tree.value[:, 0, 0] * model.learning_rate, block)
    raw = ensemble.emit(work, block.tensor)
    if not hasattr(model, "classes_"):
        return vector(work, raw)
    if model.loss not in ("log_loss", "deviance"):
        raise Unconvertible("%s has the loss %s" % (type(model).__name__, model.loss))
    chances = both_chances(work, work.add("Sigmoid", [raw])) if stages.shape[1] == 1 else work.add("Softmax", [raw], axis=1)
    return chances_or_labels(work, chances, model.classes_, method)


def hist_gradient_boosting(work, model, given, method):
    preprocessor = getattr(model, "_preprocessor", None)
    block = as_block(work, given) if preprocessor is None else as_block(work, column_transformer(work, preprocessor, given))
    targets = model.n_trees_per_iteration_
    ensemble = Ensemble(targets)
    for target, value in enumerate(numpy.ravel(model._baseline_prediction)):
        ensemble.constant(target, value)
    for stage in model._predictors:
        for target, predictor in enumerate(stage):
            add_hist_tree(work, ensemble, target, predictor, block)
    raw = ensemble.emit(work, block.tensor)
    if not hasattr(model, "classes_"):
        link = type(model._loss.link).__name__
        if link not in ("IdentityLink", "LogLink"):
            raise Unconvertible("%s has an unusual link" % type(model).__name__)
        return vector(work, work.add("Exp", [raw]) if link == "LogLink" else raw)
    chances = both_chances(work, work.add("Sigmoid", [raw])) if targets == 1 else work.add("Softmax", [raw], axis=1)
    return chances_or_labels(work, chances, model.classes_, method)


def add_hist_tree(work, ensemble, target, predictor, block):
    nodes = predictor.nodes
    made = {}

    def reference(index):
        if index not in made:
            node = nodes[index]
            if node["is_leaf"]:
                made[index] = ensemble.leaf(target, node["value"])
            elif node["is_categorical"]:
                made[index] = categories(node)
            else:
                work.cut(block.origins[node["feature_idx"]], node["num_threshold"])
                made[index] = ensemble.node(node["feature_idx"], LESS_OR_EQUAL, node["num_threshold"], node["missing_go_to_left"])
                ensemble.branch(made[index], reference(node["left"]), reference(node["right"]))
        return made[index]

    def categories(node):
        """A chain of nodes, each of which asks for one of the categories on the left; they are numbers from 0 on."""
        bitset = predictor.raw_left_cat_bitsets[node["bitset_idx"]]
        wanted = [at for at in range(256) if int(bitset[at // 32]) >> (at % 32) & 1]
        true, false = reference(node["left"]), reference(node["right"])
        first = None
        for at in reversed(wanted or [-1]):
            link = ensemble.node(node["feature_idx"], EQUAL, at, node["missing_go_to_left"])
            ensemble.branch(link, true, false if first is None else first)
            first = link
        return first

    ensemble.root(reference(0))


ESTIMATORS = {
    **{
        name: linear_regressor
        for name in (
            "LinearRegression Ridge RidgeCV Lasso LassoCV ElasticNet ElasticNetCV Lars LassoLars BayesianRidge "
            "ARDRegression HuberRegressor SGDRegressor TheilSenRegressor QuantileRegressor LinearSVR "
            "PoissonRegressor GammaRegressor TweedieRegressor"
        ).split()
    },
    **{
        name: linear_classifier
        for name in (
            "LogisticRegression LogisticRegressionCV RidgeClassifier RidgeClassifierCV SGDClassifier Perceptron "
            "LinearSVC PassiveAggressiveClassifier LinearDiscriminantAnalysis"
        ).split()
    },
    **{
        name + kind: forest
        for name in ("DecisionTree", "ExtraTree", "RandomForest", "ExtraTrees")
        for kind in ("Classifier", "Regressor")
    },
    "GradientBoostingClassifier": gradient_boosting,
    "GradientBoostingRegressor": gradient_boosting,
    "HistGradientBoostingClassifier": hist_gradient_boosting,
    "HistGradientBoostingRegressor": hist_gradient_boosting,
}
