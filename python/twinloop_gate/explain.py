"""Explains an MLflow model globally, for the gates of a release: the command of a step of a pipeline.

    python explain.py --rows FOLDER --model FOLDER --output FOLDER

Reads rows.parquet and the question in TWINLOOP_EXPLAIN (target, positive, rows, repeats, seed, shap), writes
explanation.json:

    permutation   how much worse the model's loss gets when a column is shuffled, by column, with replicates of a bootstrap
    dependence    what the model says on average when a column has a value, for the columns that matter most
    shap          mean |SHAP| by column, and a sample of them, where the shap package can explain the model exactly
    notes         what was left out, and why

or {"problem": "..."} where the data do not fit the question. The loss is log loss where the model gives probabilities,
else the share of wrong answers, else the squared error.
"""

import argparse
import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
home = os.path.dirname(here)
sys.path[:] = [p for p in sys.path if os.path.abspath(p or os.getcwd()) not in (here, home)]
sys.path.insert(0, here)
from predict import Scorer, replaced, required, words  # noqa: E402

sys.path.insert(0, here)
import shapley  # noqa: E402

sys.path[:] = [p for p in sys.path if os.path.abspath(p or os.getcwd()) not in (here, home)]

#: Columns whose dependence is told, points of each, and rows that it is averaged over.
TOLD_COLUMNS = 16
TOLD_POINTS = 12
TOLD_ROWS = 400
#: Of the bootstrap over rows.
REPLICATES = 500
SMALLEST_PROBABILITY = 2.22e-16
#: Different numbers that a target without probabilities may have and be classes nonetheless.
MOST_CLASSES = 20


class Explained:
    """A model on a sample of rows with their true answers."""

    def __init__(self, scorer, frame, target, positive):
        self.scorer = scorer
        self.truth = frame[target]
        self.frame = frame.drop(columns=[target])
        self.columns = [name for name in (scorer.names or list(self.frame.columns)) if name in self.frame.columns]
        self.predictions, self.probabilities = scorer.answers(self.frame)
        self.classes = [str(name) for name in scorer.classes or []]
        self.positive = self._positive(positive)

    def _positive(self, wanted):
        """Place of the class that is asked about; as elsewhere 1, true or yes if there is one, else the last in order."""
        if not self.classes:
            return None
        if wanted is not None:
            for place, name in enumerate(self.scorer.classes):
                if as_class(name) == as_class(wanted):
                    return place
            raise LookupError("The model has no class '%s'; its classes are %s." % (wanted, ", ".join(self.classes)))
        usual = [place for place, name in enumerate(self.classes) if name.lower() in ("1", "1.0", "true", "yes")]
        return usual[0] if len(usual) == 1 else len(self.classes) - 1

    def kind(self):
        if self.probabilities is not None:
            return "log loss"
        are_numbers = self.predictions.dtype.kind in "iuf" and numeric(self.truth)
        if not are_numbers:
            return "share of wrong answers"
        # Classes are few whole numbers, and so are the answers of a model of classes.
        few = self.truth.nunique() <= MOST_CLASSES and whole(self.truth)
        return "share of wrong answers" if few and whole(self.predictions) else "squared error"

    def losses(self, answers):
        """The loss of each row; of a class that the model has never seen, that of the least probability."""
        import numpy

        predictions, probabilities = answers
        if self.kind() == "squared error":
            return (numpy.asarray(predictions, dtype="float64") - self.truth.to_numpy(dtype="float64")) ** 2
        truth = numpy.asarray([as_class(value) for value in self.truth])
        if self.kind() == "share of wrong answers":
            return (numpy.asarray([as_class(value) for value in predictions]) != truth).astype("float64")
        place = {as_class(name): i for i, name in enumerate(self.scorer.classes)}
        at = numpy.asarray([place.get(name, -1) for name in truth])
        chosen = numpy.where(at >= 0, probabilities[numpy.arange(len(at)), at], 0)
        return -numpy.log(numpy.clip(chosen, SMALLEST_PROBABILITY, 1))

    def scores(self, answers):
        """One number a row: the probability of the positive class, or the prediction; None for classes without those."""
        import numpy

        predictions, probabilities = answers
        if probabilities is not None:
            return probabilities[:, self.positive]
        return numpy.asarray(predictions, dtype="float64") if predictions.dtype.kind in "biuf" else None


def as_class(value):
    """A class as text, alike whether it was read as a number, a truth value or a text."""
    if value is None or value != value:
        return ""
    if type(value).__name__ in ("bool", "bool_"):
        return str(int(value))
    if isinstance(value, float) or hasattr(value, "is_integer"):
        return str(int(value)) if float(value).is_integer() else str(float(value))
    return {"True": "1", "False": "0", "true": "1", "false": "0"}.get(str(value), str(value))


def numeric(column):
    return column.dtype.kind in "iuf"


def whole(numbers):
    return bool((numbers == numbers.round()).all())


def shuffled(frame, name, order):
    column = frame[name].take(order)
    column.index = frame.index
    return replaced(frame, {name: column})


def permutation(explained, repeats, seed):
    """
    Importance of each column: how much the loss grows, on average over rows and repeats, when the column is shuffled. Its
    uncertainty comes by resampling the rows; the deviation is that between the repeats. Breiman (2001), Fisher et al. (2019).
    """
    import numpy

    frame, columns = explained.frame, explained.columns
    answers = (explained.predictions, explained.probabilities)
    base, said = explained.losses(answers), explained.scores(answers)
    rows = len(frame)
    orders = [numpy.random.Generator(numpy.random.PCG64([seed, i])).permutation(rows) for i in range(repeats)]
    grown, told = numpy.zeros((rows, len(columns))), []
    for place, name in enumerate(columns):
        means, moved = [], []
        for order in orders:
            other = explained.scorer.answers(shuffled(frame, name, order))
            difference = explained.losses(other) - base
            grown[:, place] += difference / repeats
            means.append(float(difference.mean()))
            if said is not None:
                moved.append(float(numpy.abs(explained.scores(other) - said).mean()))
            else:
                changed = [as_class(a) != as_class(b) for a, b in zip(other[0], explained.predictions)]
                moved.append(float(numpy.mean(changed)))
        told.append(
            {
                "column": name,
                "mean": float(grown[:, place].mean()),
                "deviation": float(numpy.std(means, ddof=1)) if repeats > 1 else 0.0,
                "moved": float(numpy.mean(moved)),
            }
        )
    # The same rows of candidate and champion are drawn alike, so that their rankings can be compared draw by draw.
    draws = numpy.random.Generator(numpy.random.PCG64([seed, repeats])).multinomial(
        rows, numpy.full(rows, 1 / rows), REPLICATES
    )
    replicates = draws @ grown / rows
    for place, one in enumerate(told):
        one["replicates"] = [float("%.6g" % value) for value in replicates[:, place]]
    told.sort(key=lambda one: -one["mean"])
    return {"loss": explained.kind(), "base": float(base.mean()), "repeats": repeats, "rows": rows, "columns": told}


def dependence(explained, names, random):
    """For each column: what the model says on average if every row of a sample had this value (Friedman, 2001)."""
    import numpy

    if explained.scores((explained.predictions, explained.probabilities)) is None:
        raise LookupError("its answers are classes without probabilities")
    rows = explained.frame
    if len(rows) > TOLD_ROWS:
        rows = rows.iloc[numpy.sort(random.choice(len(rows), TOLD_ROWS, replace=False))]
    told = []
    for name in names:
        column = explained.frame[name]
        present = column.dropna()
        if len(present) == 0:
            continue
        is_number = numeric(column) and present.nunique() > TOLD_POINTS
        if is_number:
            values = numpy.quantile(present.to_numpy(dtype="float64"), numpy.linspace(0.02, 0.98, TOLD_POINTS))
            values = numpy.unique(values.round() if whole(present) else values)
        else:
            common = present.value_counts().index[:TOLD_POINTS]
            values = sorted(common, key=lambda value: value if numeric(column) else str(value))
        points = []
        for value in values:
            same = rows.copy()
            same[name] = type(column)([value] * len(rows), index=rows.index).astype(column.dtype)
            mean = float(numpy.mean(explained.scores(explained.scorer.answers(same))))
            at = value.item() if hasattr(value, "item") else value
            points.append([at if isinstance(at, (int, float, str)) and not isinstance(at, bool) else str(at), mean])
        told.append({"column": name, "number": bool(is_number), "points": points})
    return told


def sample_of(folder, asked):
    """Rows with a true answer, at most so many, drawn at random and left in their order."""
    import numpy
    import pyarrow.compute
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(os.path.join(folder, "rows.parquet")).drop_columns(["twinloop_row"])
    if asked["target"] not in table.column_names:
        raise LookupError("The data have no column '%s'." % asked["target"])
    places = numpy.flatnonzero(pyarrow.compute.is_valid(table[asked["target"]]).to_numpy())
    if len(places) < 2:
        raise LookupError("The column '%s' has no value in %d rows." % (asked["target"], table.num_rows))
    random = numpy.random.Generator(numpy.random.PCG64(asked["seed"]))
    if len(places) > asked["rows"]:
        places = numpy.sort(random.choice(places, asked["rows"], replace=False))
    return table.take(places).to_pandas(date_as_object=False), random


def explain(given, asked):
    frame, random = sample_of(given.rows, asked)
    scorer = Scorer(given.model, asked["target"])
    missing = [name for name in required(scorer) if name not in frame.columns]
    if missing:
        raise LookupError("The model needs %s, which the data have not." % ", ".join(missing))
    explained = Explained(scorer, frame, asked["target"], asked.get("positive"))
    notes = list(scorer.notes)
    found = {"permutation": permutation(explained, asked["repeats"], asked["seed"]), "classes": explained.classes}
    found["positive"] = None if explained.positive is None else explained.classes[explained.positive]
    most = [one["column"] for one in found["permutation"]["columns"][:TOLD_COLUMNS]]
    found["dependence"], found["shap"] = [], None
    try:
        found["dependence"] = dependence(explained, most, random)
    except Exception as problem:
        notes.append("The model cannot be asked what it would say of other values: %s." % words(problem).rstrip("."))
    if asked["shap"]:
        try:
            found["shap"] = shapley.shapley(explained)
        except LookupError as why:
            notes.append("No SHAP values: %s." % words(why.args[0]).rstrip("."))
        except Exception as problem:
            notes.append("No SHAP values: shap fails on this model: %s." % words(problem).rstrip("."))
    return {**found, "notes": notes}


def main():
    parser = argparse.ArgumentParser()
    for name in ("rows", "model", "output"):
        parser.add_argument("--" + name, required=True)
    given = parser.parse_args()
    try:
        found = explain(given, json.loads(os.environ["TWINLOOP_EXPLAIN"]))
        told = found["permutation"]
        print("%d rows, %d columns explained" % (told["rows"], len(told["columns"])))
    except LookupError as why:
        found = {"problem": str(why.args[0])}
        print(found["problem"])
    with open(os.path.join(given.output, "explanation.json"), "w", encoding="utf-8") as out:
        json.dump(found, out)


if __name__ == "__main__":
    main()
