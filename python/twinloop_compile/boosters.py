"""XGBoost's and LightGBM's models: as estimators of a scikit-learn pipeline, or by themselves."""

import json

import numpy

from .answers import both_chances, chances_or_labels, matrix, vector
from .columns import Block, Unconvertible
from .trees import LESS, LESS_OR_EQUAL, Ensemble, add_arrays

FLOAT = 1


def xgboost(work, model, block, method):
    """XGBoost keeps features, thresholds and sums in 32 bits, and so does the graph."""
    sklearn_like = hasattr(model, "get_booster")
    booster = model.get_booster() if sklearn_like else model
    if not numpy.isnan(getattr(model, "missing", numpy.nan)):
        raise Unconvertible("the XGBoost model takes %r for a missing value" % model.missing)
    learner = json.loads(bytes(booster.save_raw("json")).decode())["learner"]
    body = learner["gradient_booster"]
    weights = None
    if body["name"] == "dart":
        weights, body = body["weight_drop"], body["gbtree"]
    if body.get("name", "gbtree") != "gbtree":
        raise Unconvertible("the XGBoost model is a %s" % body["name"])
    names = learner.get("feature_names") or []
    trees, outputs, objective = body["model"]["trees"], xgboost_outputs(learner), learner["objective"]["name"]
    if any(int(tree["tree_param"].get("size_leaf_vector", 0)) > 1 for tree in trees):
        raise Unconvertible("the XGBoost model has trees of several outputs")
    narrow = Block(block.tensor if block.single else work.rounded(block.tensor), block.origins, True)
    work.require_finite(narrow, allow_nan=True)
    if names and len(names) != narrow.width:
        raise Unconvertible("the XGBoost model has %d features, and its input %d" % (len(names), narrow.width))
    ensemble = Ensemble(outputs, "float32")
    for target, margin in enumerate(xgboost_margins(learner, objective, outputs)):
        ensemble.constant(target, margin)
    for index, tree in enumerate(kept_trees(trees, body["model"], learner, sklearn_like)):
        if tree.get("categories_nodes"):
            raise Unconvertible("the XGBoost model splits by category")
        values = numpy.array(tree["split_conditions"], dtype="float32")
        left = numpy.array(tree["left_children"])
        for feature, threshold, child in zip(tree["split_indices"], values, left):
            if child >= 0:
                work.cut(narrow.origins[feature], threshold)
        leaf_values = values if weights is None else values * numpy.float32(weights[index])
        add_arrays(
            ensemble, body["model"]["tree_info"][index], tree["split_indices"], values, left, tree["right_children"],
            left < 0, leaf_values, tree["default_left"], LESS,
        )
    raw = ensemble.emit(work, work.add("Cast", [narrow.tensor], to=FLOAT))
    return xgboost_answer(work, model, raw, objective, outputs, method, sklearn_like)


def xgboost_outputs(learner):
    parameters = learner["learner_model_param"]
    return max(int(parameters["num_class"]), int(parameters.get("num_target", 1)), 1)


def xgboost_margins(learner, objective, outputs):
    """What each output's sum begins with: the base score, before the objective's transformation."""
    scores = json.loads(learner["learner_model_param"]["base_score"])
    scores = numpy.broadcast_to(numpy.array(scores, dtype="float32"), (outputs,))
    if objective in ("binary:logistic", "reg:logistic"):
        return -numpy.log(numpy.float32(1) / scores - numpy.float32(1))
    if objective in ("count:poisson", "reg:gamma", "reg:tweedie"):
        return numpy.log(scores)
    return scores


def kept_trees(trees, model, learner, sklearn_like):
    """scikit-learn's interface stops at the best iteration of early stopping; a booster by itself does not."""
    best = learner.get("attributes", {}).get("best_iteration")
    if best is None or not sklearn_like:
        return trees
    ends = model.get("iteration_indptr")
    if ends is None:
        raise Unconvertible("this version of XGBoost does not say which trees an iteration has")
    return trees[: ends[int(best) + 1]]


def xgboost_answer(work, model, raw, objective, outputs, method, sklearn_like):
    classifier = sklearn_like and hasattr(model, "n_classes_")
    one = work.graph.constant(numpy.float32(1))
    if objective in ("binary:logistic", "reg:logistic") and outputs == 1:
        chance = work.add("Sigmoid", [raw])
        if not classifier:
            return vector(work, chance, single=True)
        chances = work.add("Concat", [work.add("Sub", [one, chance]), chance], axis=1)
        return chances_or_labels(work, chances, xgboost_classes(model, 2), method, single=True)
    if objective in ("multi:softprob", "multi:softmax"):
        chances = work.add("Softmax", [raw], axis=1)
        if classifier:
            return chances_or_labels(work, chances, xgboost_classes(model, outputs), method, single=True)
        if objective == "multi:softprob":
            return matrix(chances, outputs, single=True)
        raise Unconvertible("the XGBoost model answers with classes as fractions")
    if classifier:
        raise Unconvertible("the XGBoost model classifies by %s" % objective)
    if objective in ("count:poisson", "reg:gamma", "reg:tweedie"):
        raw = work.add("Exp", [raw])
    elif objective not in XGBOOST_PLAIN:
        raise Unconvertible("the XGBoost model has the objective %s" % objective)
    return vector(work, raw, single=True) if outputs == 1 else matrix(raw, outputs, single=True)


XGBOOST_PLAIN = (
    "reg:squarederror reg:absoluteerror reg:pseudohubererror reg:quantileerror reg:squaredlogerror reg:linear "
    "binary:logitraw rank:pairwise rank:ndcg rank:map"
).split()


def xgboost_classes(model, count):
    encoder = getattr(model, "_le", None)
    return numpy.arange(count) if encoder is None else encoder.classes_


LIGHTGBM_ZERO = float(numpy.float32(1e-35))


def lightgbm(work, model, block, method):
    sklearn_like = hasattr(model, "booster_")
    booster = model.booster_ if sklearn_like else model
    dump = booster.dump_model()
    if dump.get("pandas_categorical"):
        raise Unconvertible("the LightGBM model takes columns of pandas categories")
    outputs = dump["num_tree_per_iteration"]
    ensemble = Ensemble(outputs)
    for index, tree in enumerate(dump["tree_info"]):
        add_lightgbm_tree(work, ensemble, index % outputs, tree["tree_structure"], block)
    raw = ensemble.emit(work, block.tensor)
    if dump.get("average_output"):
        raw = work.add("Div", [raw, work.constant(float(len(dump["tree_info"]) // outputs))])
    return lightgbm_answer(work, model, raw, dump.get("objective", "custom"), outputs, method, sklearn_like)


def add_lightgbm_tree(work, ensemble, target, root, block):
    def reference(node):
        if "split_feature" not in node:
            if "leaf_const" in node:
                raise Unconvertible("the LightGBM model has linear trees")
            return ensemble.leaf(target, node["leaf_value"])
        if node["decision_type"] != "<=":
            raise Unconvertible("the LightGBM model splits by category")
        if node["missing_type"] == "Zero":
            raise Unconvertible("the LightGBM model takes zero for a missing value")
        feature, threshold = node["split_feature"], float(node["threshold"])
        work.cut(block.origins[feature], threshold)
        if abs(threshold) <= LIGHTGBM_ZERO:
            # What is so near to zero, LightGBM takes for zero before it compares.
            threshold = LIGHTGBM_ZERO if threshold >= 0 else float(numpy.nextafter(-LIGHTGBM_ZERO, -numpy.inf))
        # Where training saw nothing missing, LightGBM takes NaN for zero.
        missing = node["default_left"] if node["missing_type"] == "NaN" else threshold >= 0
        made = ensemble.node(feature, LESS_OR_EQUAL, threshold, missing)
        ensemble.branch(made, reference(node["left_child"]), reference(node["right_child"]))
        return made

    ensemble.root(reference(root))


def lightgbm_answer(work, model, raw, objective, outputs, method, sklearn_like):
    name, *options = objective.split(" ")
    settings = dict(option.split(":") for option in options if ":" in option)
    classifier = sklearn_like and hasattr(model, "classes_")
    if name in ("binary", "cross_entropy"):
        slope = float(settings.get("sigmoid", 1))
        chance = work.add("Sigmoid", [raw if slope == 1 else work.add("Mul", [raw, work.constant(slope)])])
        if not classifier:
            return vector(work, chance)
        return chances_or_labels(work, both_chances(work, chance), model.classes_, method)
    if name == "multiclass":
        chances = work.add("Softmax", [raw], axis=1)
        return chances_or_labels(work, chances, model.classes_, method) if classifier else matrix(chances, outputs)
    if classifier:
        raise Unconvertible("the LightGBM model classifies by %s" % name)
    if name in ("poisson", "gamma", "tweedie"):
        raw = work.add("Exp", [raw])
    elif name not in LIGHTGBM_PLAIN or "sqrt" in options:
        raise Unconvertible("the LightGBM model has the objective %s" % objective)
    return vector(work, raw) if outputs == 1 else matrix(raw, outputs)


LIGHTGBM_PLAIN = "regression regression_l1 l1 l2 huber fair quantile mape lambdarank rank_xendcg".split()

BOOSTERS = {"xgboost": xgboost, "lightgbm": lightgbm}
