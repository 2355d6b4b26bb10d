"""How much each column matters to the model that is served, on reference and on production rows.

    python attributions.py --reference FILE --production FILE --model FOLDER

Mean |SHAP| by the explainers of the shap package that are exact, for trees and for linear models. Of other models: how far
the answer moves on average when the column is shuffled, which needs no truth either. Runs in the model's own environment.
"""

import os
import sys

import rows

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from twinloop_gate import shapley  # noqa: E402
from twinloop_gate.predict import Scorer, required  # noqa: E402

REPEATS = 3


class Asked:
    """A model with the rows that it is asked about, as `shapley` takes it apart."""

    def __init__(self, scorer, frame):
        self.scorer = scorer
        self.frame = frame
        self.columns = [name for name in (scorer.names or list(frame.columns)) if name in frame.columns]
        self.predictions, self.probabilities = scorer.answers(frame)
        classes = len(scorer.classes or [])
        self.positive = classes - 1 if classes == 2 else None

    def moved(self, frame):
        """How far the answers for other rows are from those for these: a mean over rows."""
        import numpy

        predictions, probabilities = self.scorer.answers(frame)
        if probabilities is not None:
            return float(numpy.abs(probabilities - self.probabilities).mean())
        if predictions.dtype.kind in "biuf":
            return float(numpy.abs(predictions.astype("float64") - self.predictions.astype("float64")).mean())
        return float((predictions != self.predictions).mean())


def shuffled_importances(asked, seed):
    import numpy

    told = []
    for place, name in enumerate(asked.columns):
        random = numpy.random.Generator(numpy.random.PCG64([seed, place]))
        moved = []
        for _ in range(REPEATS):
            order = random.permutation(len(asked.frame))
            other = asked.frame.copy(deep=False)
            column = asked.frame[name].take(order)
            column.index = asked.frame.index
            other[name] = column
            moved.append(asked.moved(other))
        told.append({"column": name, "value": float(numpy.mean(moved))})
    return told


def attributions(asked, given):
    scorer = Scorer(given["model"], asked.get("target"))
    frames = {side: rows.read(given[side]) for side in ("reference", "production")}
    for side, frame in frames.items():
        missing = [name for name in required(scorer) if name not in frame.columns]
        if missing:
            raise LookupError("The model needs %s, which the %s data have not." % (", ".join(missing), side))
        if len(frame) < 2:
            raise LookupError("There are too few %s rows: %d." % (side, len(frame)))
    both = {side: Asked(scorer, frame) for side, frame in frames.items()}
    notes = list(scorer.notes)
    try:
        found = {side: shapley.shapley(one) for side, one in both.items()}
        method = "mean |SHAP|, %s" % found["reference"]["method"]
        told = {
            side: [{"column": one["column"], "value": one["mean"]} for one in said["columns"]] for side, said in found.items()
        }
    except Exception as why:
        said = " ".join(str(why.args[0] if why.args else why).split())[:300].rstrip(".")
        notes.append("No SHAP values of this model: %s. Importance is how far its answers move when a column is shuffled." % said)
        method = "mean move of the answer, %d shuffles, seed %d" % (REPEATS, asked["seed"])
        told = {side: shuffled_importances(one, asked["seed"]) for side, one in both.items()}
    return {"method": method, "rows": {side: len(frame) for side, frame in frames.items()}, "importances": told, "notes": notes}


if __name__ == "__main__":
    rows.answer(attributions)
