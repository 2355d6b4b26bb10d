"""Scores rows with an MLflow model for the gates of a release: the command of a step of an evaluation.

    python predict.py --rows FOLDER --model FOLDER --output FOLDER

Reads rows.parquet, writes predictions.parquet: every column of the rows, in their order, and

    twinloop_prediction       what predict() says; null where the model has no answer
    twinloop_probability_0 …  what predict_proba() says of each class, where the flavour has it; in facts.json's order
    twinloop_error            why the model has no answer for a row; else null

and facts.json: how many rows, how many without an answer, the classes. A row that fails fails alone: the others are
scored. Exits 1 only if no row can be scored.
"""

import argparse
import json
import os
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
home = os.path.dirname(here)
# What stands beside this file is ours: a user's module of the same name must win.
sys.path[:] = [p for p in sys.path if os.path.abspath(p or os.getcwd()) not in (here, home)]
sys.path.insert(0, home)
from twinloop_batch.scorers import _column_types as column_types, fit, replaced  # noqa: E402
from twinloop_runtime.mlflow_model import model_folder  # noqa: E402

sys.path.remove(home)

CHUNK_ROWS = 50_000
#: Rows that fail are looked for by halves; when so many halves have been tried, the rest of a chunk is taken to fail.
MOST_TRIES = 2_000
MOST_WORDS = 300


class Scorer:
    """A model with its predictions and, where it has them, probabilities."""

    def __init__(self, folder, target):
        import mlflow.pyfunc

        self.model = mlflow.pyfunc.load_model(model_folder(folder))
        schema = self.model.metadata.get_input_schema()
        self.types = column_types(schema)
        self.flavour = raw_model(self.model)
        self.names = list(self.types) or feature_names(self.flavour)
        self.target = target
        self.classes = None
        self.notes = []
        self._asks_probabilities = callable(getattr(self.flavour, "predict_proba", None))

    def answers(self, frame):
        """(prediction of each row, matrix of probabilities or None). Raises what the model raises."""
        import numpy

        inputs = self._inputs(frame)
        said = self.model.predict(inputs)
        probabilities = self._probabilities(inputs)
        matrix = matrix_of(said)
        if matrix is not None:
            if matrix.shape[1] < 2:
                return plain(matrix[:, 0]), probabilities
            if probabilities is None:
                if not numpy.allclose(matrix.sum(axis=1), 1, atol=1e-3):
                    raise ValueError("predict() gives %d numbers a row, which are no probabilities" % matrix.shape[1])
                probabilities = matrix
                self.classes = self.classes or names_of_columns(said, matrix.shape[1])
            return plain(numpy.asarray(self.classes, dtype=object)[probabilities.argmax(axis=1)]), probabilities
        return plain(column_of(said)), probabilities

    def _inputs(self, frame):
        frame = fit(as_text(frame, self.types), self.types)
        if self.names:
            return frame[[name for name in self.names if name in frame.columns]]
        return frame.drop(columns=[self.target], errors="ignore")

    def _probabilities(self, inputs):
        if not self._asks_probabilities:
            return None
        import numpy

        try:
            matrix = numpy.asarray(self.flavour.predict_proba(inputs), dtype="float64")
        except Exception as problem:
            if self.classes is not None:
                raise
            self._asks_probabilities = False
            self.notes.append("predict_proba() fails, so there are no probabilities: %s" % words(problem))
            return None
        if self.classes is None:
            classes = getattr(self.flavour, "classes_", None)
            known = list(range(matrix.shape[1])) if classes is None or len(classes) != matrix.shape[1] else list(classes)
            self.classes = [simple(value) for value in known]
        return matrix


def raw_model(model):
    """The flavour's own model behind a pyfunc; None for one that is only a function."""
    wrapper = getattr(model, "_model_impl", None)
    for name in ("sklearn_model", "xgb_model", "lgb_model", "cb_model"):
        found = getattr(wrapper, name, None)
        if found is not None:
            return found
    return wrapper if hasattr(wrapper, "predict_proba") else None


def feature_names(model):
    """The columns that a model without a signature was fitted with, if it remembers."""
    names = getattr(model, "feature_names_in_", None)
    return [] if names is None else [str(name) for name in names]


def as_text(frame, types):
    """Columns that the signature calls `string`, as text: files of text are read by what their values look like."""
    changes = {}
    for name, kind in types.items():
        if kind != "string" or name not in frame.columns or frame[name].dtype.kind == "O":
            continue
        column = frame[name]
        changes[name] = column.astype("object").where(column.isna(), column.astype(str)).where(column.notna(), None)
    return replaced(frame, changes)


def matrix_of(said):
    """A result of several columns as a matrix of numbers; None for one column, or a table that names its prediction."""
    import numpy

    if hasattr(said, "columns"):
        if any(str(name).lower() in ("prediction", "predictions") for name in said.columns):
            return None
        said = said.to_numpy()
    array = numpy.asarray(said)
    return array.astype("float64") if array.ndim == 2 and array.dtype.kind in "iufb" else None


def column_of(said):
    import numpy

    if hasattr(said, "columns"):
        named = [name for name in said.columns if str(name).lower() in ("prediction", "predictions")]
        said = said[named[0] if named else said.columns[0]]
    array = numpy.asarray(said)
    return array[:, 0] if array.ndim == 2 else array


def names_of_columns(said, width):
    return [simple(name) for name in said.columns] if hasattr(said, "columns") else list(range(width))


def plain(values):
    """A NumPy array of numbers, truth values or texts; numbers that stand in an array of objects become one of numbers."""
    import numpy

    array = numpy.asarray(values)
    if array.dtype.kind == "O":
        array = numpy.asarray([simple(value) for value in array.tolist()])
    return array.astype(str) if array.dtype.kind in "US" else array


def simple(value):
    return value.item() if hasattr(value, "item") else value


def words(problem):
    """What an error says, short: MLflow shows whole tables before it says what is wrong with them."""
    text = " ".join(str(problem).split()) or type(problem).__name__
    return text if len(text) <= MOST_WORDS else "… " + text[-MOST_WORDS:]


class Tries:
    def __init__(self, most):
        self.left = most


def score(scorer, frame, tries):
    """[(first row, row after the last, predictions and probabilities or None, error or None)] for parts of a frame."""
    try:
        return [(0, len(frame), checked(scorer.answers(frame), len(frame)), None)]
    except Exception as problem:
        error = words(problem)
    tries.left -= 1
    if len(frame) == 1 or tries.left <= 0:
        return [(0, len(frame), None, error)]
    middle = len(frame) // 2
    first = score(scorer, frame.iloc[:middle], tries)
    second = score(scorer, frame.iloc[middle:], tries)
    return first + [(start + middle, end + middle, said, error) for start, end, said, error in second]


def checked(answers, rows):
    predictions, _ = answers
    if len(predictions) != rows:
        raise ValueError("predict() gives %d predictions for %d rows" % (len(predictions), rows))
    return answers


class Output:
    """The Parquet file to be. What the predictions' type is the first answer tells; batches before it wait."""

    def __init__(self, path):
        self.path = path
        self.writer = None
        self.type = None
        self.waiting = []
        self.rows = self.failed = 0
        self.samples = []

    def add(self, batch, parts, width):
        import pyarrow

        if self.type is None:
            found = next((said[0] for _, _, said, _ in parts if said is not None), None)
            if found is not None:
                self.type = pyarrow.array(found).type
                for earlier in self.waiting:
                    self._write(*earlier, width)
                self.waiting = []
        if self.type is None:
            self.waiting.append((batch, parts))
        else:
            self._write(batch, parts, width)

    def _write(self, batch, parts, width):
        import numpy
        import pyarrow
        import pyarrow.parquet

        count = batch.num_rows
        errors = numpy.empty(count, dtype=object)
        probabilities = numpy.full((count, width), numpy.nan)
        pieces = []
        for start, end, said, error in parts:
            if said is None:
                errors[start:end] = error
                pieces.append(pyarrow.nulls(end - start, self.type))
                continue
            predictions, matrix = said
            pieces.append(pyarrow.array(predictions).cast(self.type, safe=False))
            if matrix is not None:
                probabilities[start:end] = matrix
            silent = not_finite(predictions)
            if matrix is not None:
                silent = silent | ~numpy.isfinite(matrix).all(axis=1)
            errors[start:end][silent] = "the prediction is not a finite number"
        lost = numpy.array([error is not None for error in errors], dtype=bool)
        predictions = pyarrow.chunked_array(pieces, self.type).combine_chunks()
        table = pyarrow.Table.from_batches([batch])
        table = table.append_column("twinloop_prediction", pyarrow.compute.if_else(lost, None, predictions))
        for k in range(width):
            column = pyarrow.array(probabilities[:, k], mask=lost)
            table = table.append_column("twinloop_probability_%d" % k, column)
        table = table.append_column("twinloop_error", pyarrow.array(errors.tolist(), pyarrow.string()))
        for at in numpy.flatnonzero(lost)[: max(0, 20 - len(self.samples))]:
            self.samples.append({"row": self.rows + int(at), "error": errors[at]})
        self.rows += count
        self.failed += int(lost.sum())
        if self.writer is None:
            self.writer = pyarrow.parquet.ParquetWriter(self.path, table.schema)
        self.writer.write_table(table.cast(self.writer.schema))

    def close(self):
        if self.writer is not None:
            self.writer.close()


def not_finite(predictions):
    import numpy

    if predictions.dtype.kind == "f":
        return ~numpy.isfinite(predictions)
    return numpy.zeros(len(predictions), dtype=bool)


def main():
    import pyarrow
    import pyarrow.compute  # noqa: F401
    import pyarrow.parquet

    parser = argparse.ArgumentParser()
    for name in ("rows", "model", "output"):
        parser.add_argument("--" + name, required=True)
    given = parser.parse_args()
    began = time.time()
    scorer = Scorer(given.model, os.environ.get("TWINLOOP_TARGET"))
    loaded = time.time()
    output = Output(os.path.join(given.output, "predictions.parquet"))
    tries = Tries(MOST_TRIES)
    file = pyarrow.parquet.ParquetFile(os.path.join(given.rows, "rows.parquet"))
    missing = [name for name in required(scorer) if name not in file.schema_arrow.names]
    if missing:
        sys.exit("The model needs %s, which the data have not." % ", ".join(missing))
    for batch in file.iter_batches(batch_size=CHUNK_ROWS):
        frame = batch.to_pandas(date_as_object=False).drop(columns=["twinloop_row"])
        parts = score(scorer, frame, tries)
        output.add(batch, parts, len(scorer.classes or []))
    output.close()
    if output.writer is None or output.failed == output.rows:
        error = output.samples[0]["error"] if output.samples else output.waiting[0][1][0][3] if output.waiting else ""
        sys.exit("The model has no answer for any row. Of the first it says: %s" % (error or "there is no row"))
    facts = {
        "rows": output.rows,
        "failed": output.failed,
        "errors": output.samples,
        "classes": scorer.classes,
        "notes": scorer.notes,
    }
    with open(os.path.join(given.output, "facts.json"), "w", encoding="utf-8") as out:
        json.dump(facts, out)
    print(
        "%d rows, %d without an answer; loaded in %.1f s, scored in %.1f s"
        % (output.rows, output.failed, loaded - began, time.time() - loaded)
    )


def required(scorer):
    schema = scorer.model.metadata.get_input_schema()
    if schema is None or not schema.has_input_names():
        return scorer.names
    return [s.name for s in schema.inputs if getattr(s, "required", not getattr(s, "optional", False))]


if __name__ == "__main__":
    main()
