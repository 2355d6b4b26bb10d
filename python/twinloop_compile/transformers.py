"""scikit-learn's transformers of numbers, and what holds them together: pipelines, column transformers, unions."""

import numpy

from .columns import Block, Origin, Unconvertible
from .encoders import encode, is_encoder, is_idle


def transform(work, step, given):
    """The block (or, where nothing is done, the columns) that a fitted step makes of input columns or of a block."""
    if is_idle(step):
        return given
    if isinstance(given, list) and is_encoder(step):
        return encode(work, step, given)
    if hasattr(step, "steps"):
        begin = 0
        if isinstance(given, list):
            # The longest beginning that is an encoder (behind imputers, say) is written down as one.
            begin = next((end for end in range(len(step.steps), 0, -1) if is_encoder(step[:end])), 0)
            given = encode(work, step[:begin], given) if begin else given
        for _, each in step.steps[begin:]:
            given = transform(work, each, given)
        return given
    name = type(step).__name__
    if name == "ColumnTransformer":
        return column_transformer(work, step, given)
    if name == "FeatureUnion":
        if getattr(step, "transformer_weights", None):
            raise Unconvertible("a FeatureUnion has weights")
        parts = [each for _, each in step.transformer_list if not (isinstance(each, str) and each == "drop")]
        return work.concatenate([as_block(work, transform(work, each, given)) for each in parts])
    if name == "FunctionTransformer" and step.func is None:
        return given
    convert = TRANSFORMERS.get(name)
    if convert is None or not type(step).__module__.startswith("sklearn."):
        raise Unconvertible("there is no exact conversion of %s" % name)
    return convert(work, step, as_block(work, given))


def as_block(work, given):
    return work.block(given) if isinstance(given, list) else given


def column_transformer(work, step, given):
    if not isinstance(given, list):
        raise Unconvertible("a ColumnTransformer stands behind another step")
    if getattr(step, "transformer_weights", None):
        raise Unconvertible("a ColumnTransformer has weights")
    blocks = []
    for _, each, which in step.transformers_:
        if isinstance(each, str) and each == "drop":
            continue
        columns = chosen(given, which, step)
        if columns:
            blocks.append(as_block(work, transform(work, each, columns)))
    return work.concatenate(blocks)


def chosen(columns, which, step):
    """The columns that a fitted ColumnTransformer's selection means: names, positions, a slice or a mask."""
    if callable(which):
        raise Unconvertible("a ColumnTransformer selects columns by a function")
    # Positions are those of the columns in training, names their names then.
    names = [str(name) for name in getattr(step, "feature_names_in_", [column.name for column in columns])]
    if isinstance(which, slice):
        picked = names[which] if not isinstance(which.start, str) and not isinstance(which.stop, str) else None
        if picked is None:
            raise Unconvertible("a ColumnTransformer selects columns by a slice of names")
    else:
        items = [which] if isinstance(which, (str, int)) else list(which)
        if items and all(isinstance(item, (bool, numpy.bool_)) for item in items):
            picked = [name for name, wanted in zip(names, items) if wanted]
        else:
            picked = [item if isinstance(item, str) else names[item] for item in items]
    if isinstance(which, str):
        raise Unconvertible("a ColumnTransformer hands a step one column as a series")
    by_name = {column.name: column for column in columns}
    missing = [name for name in picked if name not in by_name]
    if missing:
        raise Unconvertible("the signature has no column %s" % ", ".join(missing))
    return [by_name[name] for name in picked]


def impute(work, step, block):
    if not (isinstance(step.missing_values, float) and numpy.isnan(step.missing_values)):
        raise Unconvertible("an imputer looks for %r rather than for missing values" % (step.missing_values,))
    fill = numpy.asarray(step.statistics_, dtype="float64")
    if numpy.isnan(fill).any():
        raise Unconvertible("an imputer drops columns that were empty in training")
    work.require_finite(block, allow_nan=True)
    missing = work.add("IsNaN", [block.tensor])
    tensor = work.add("Where", [missing, work.constant(fill), block.tensor])
    filled = Block(work.rounded(tensor) if block.single else tensor, block.origins, block.single)
    if not getattr(step, "add_indicator", False):
        return filled
    features = step.indicator_.features_
    flags = work.select(Block(work.add("Cast", [missing], to=11), [None] * block.width), features)
    return work.concatenate([filled, flags])


def scale(work, block, subtract=None, divide=None):
    """(block - subtract) / divide."""
    tensor, single = block.tensor, block.single
    if subtract is not None:
        tensor = work.apply(Block(tensor, block.origins, single), "Sub", subtract)
    if divide is not None:
        tensor = work.apply(Block(tensor, block.origins, single), "Div", divide)
    less = numpy.zeros(block.width) if subtract is None else numpy.asarray(subtract)
    by = numpy.ones(block.width) if divide is None else numpy.asarray(divide)
    origins = [
        origin and Origin(origin.column, origin.scale / by[i], (origin.offset - less[i]) / by[i])
        for i, origin in enumerate(block.origins)
    ]
    return Block(tensor, origins, single)


def standard(work, step, block):
    work.require_finite(block, allow_nan=True)
    mean, by = step.mean_ if step.with_mean else None, step.scale_ if step.with_std else None
    return scale(work, block, *(narrow_if_so(step, mean, by) if block.single else (mean, by)))


def narrow_if_so(step, mean, by):
    """Versions of scikit-learn differ in whether they narrow the constants, too, where features are of 32 bits: this
    one is asked."""
    width = step.n_features_in_
    sample = numpy.random.RandomState(0).normal(size=(200, width)) * (1 if by is None else by) + (0 if mean is None else mean)
    sample = sample.astype("float32")
    said = step.transform(sample.copy())
    narrow = [None if each is None else each.astype("float32").astype("float64") for each in (mean, by)]
    for less, over in ((mean, by), narrow):
        made = sample.copy()
        if less is not None:
            made = (made - less).astype("float32")
        if over is not None:
            made = (made / over).astype("float32")
        if numpy.array_equal(made, said):
            return less, over
    raise Unconvertible("a StandardScaler computes in 32 bits in an unknown way")


def robust(work, step, block):
    work.require_finite(block, allow_nan=True)
    return scale(
        work, block, step.center_ if step.with_centering else None, step.scale_ if step.with_scaling else None
    )


def max_abs(work, step, block):
    work.require_finite(block, allow_nan=True)
    if getattr(step, "clip", False):
        raise Unconvertible("a MaxAbsScaler clips")
    return scale(work, block, None, step.scale_)


def min_max(work, step, block):
    work.require_finite(block, allow_nan=True)
    tensor = work.apply(block, "Mul", step.scale_)
    tensor = work.apply(Block(tensor, block.origins, block.single), "Add", step.min_)
    origins = [
        origin and Origin(origin.column, origin.scale * step.scale_[i], origin.offset * step.scale_[i] + step.min_[i])
        for i, origin in enumerate(block.origins)
    ]
    if getattr(step, "clip", False):
        low, high = step.feature_range
        # Min and Max of ONNX would make a number of NaN; Where does not.
        for operator, bound in (("Less", low), ("Greater", high)):
            beyond = work.add(operator, [tensor, work.constant(float(bound))])
            tensor = work.add("Where", [beyond, work.constant(float(bound)), tensor])
    return Block(tensor, origins, block.single)


def support(work, step, block):
    return work.select(block, numpy.flatnonzero(step.get_support()))


def components(work, step, block):
    work.require_finite(block, allow_nan=False)
    if getattr(step, "whiten", False):
        raise Unconvertible("a PCA whitens")
    mean = getattr(step, "mean_", None)
    tensor = block.tensor if mean is None else work.add("Sub", [block.tensor, work.constant(mean)])
    tensor = work.add("MatMul", [tensor, work.constant(step.components_.T)])
    return Block(tensor, [None] * len(step.components_))


def function(work, step, block):
    operators = {"log1p": "Log", "log": "Log", "exp": "Exp", "sqrt": "Sqrt", "abs": "Abs", "absolute": "Abs"}
    name = getattr(step.func, "__name__", "")
    if step.func is not getattr(numpy, name, None) or name not in operators or step.kw_args or block.single:
        raise Unconvertible("a FunctionTransformer calls %s" % (name or "a function"))
    tensor = work.add("Add", [block.tensor, work.constant(1.0)]) if name == "log1p" else block.tensor
    return Block(work.add(operators[name], [tensor]), [None] * block.width)


TRANSFORMERS = {
    "SimpleImputer": impute,
    "StandardScaler": standard,
    "RobustScaler": robust,
    "MaxAbsScaler": max_abs,
    "MinMaxScaler": min_max,
    "VarianceThreshold": support,
    "SelectKBest": support,
    "SelectPercentile": support,
    "SelectFromModel": support,
    "RFE": support,
    "RFECV": support,
    "PCA": components,
    "TruncatedSVD": components,
    "FunctionTransformer": function,
}
