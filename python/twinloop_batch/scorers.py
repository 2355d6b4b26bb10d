"""What scores a mini-batch: a user's script, or an MLflow model without one."""

import importlib
import importlib.util
import inspect
import itertools
import json
import os
import sys

from .text_parts import open_part

#: Rows that are in memory at once where rows are scored.
CHUNK_ROWS = 50_000


class ScriptScorer:
    """A script with ``init()`` and ``run(mini_batch)``, where a mini-batch is a list of paths."""

    def __init__(self, script, arguments):
        path = os.path.abspath(script)
        folder = os.path.dirname(path)
        for place in (os.getcwd(), folder):
            if place not in sys.path:
                sys.path.insert(0, place)
        spec = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(path))[0], path)
        if spec is None or not os.path.exists(path):
            raise FileNotFoundError("the scoring script %s is not in the code" % script)
        # The driver's own arguments are no business of the script's, which may parse some.
        sys.argv = [path] + arguments
        self.module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = self.module
        spec.loader.exec_module(self.module)
        for name in ("init", "run"):
            if not callable(getattr(self.module, name, None)):
                raise AttributeError("%s has no function %s()" % (script, name))
        self.module.init()
        self.takes_context = len(inspect.signature(self.module.run).parameters) > 1

    def score(self, items, context, write):
        """Scores; returns how many of the items succeeded, by the number of results, as Azure ML counts."""
        paths = [item["path"] for item in items]
        result = self.module.run(paths, context) if self.takes_context else self.module.run(paths)
        if write is None:
            return len(items)
        if result is None or isinstance(result, (str, bytes, dict)) or not hasattr(result, "__len__"):
            raise TypeError(
                "run() returned %s; expected a list with one element for each row, or a DataFrame"
                % type(result).__name__
            )
        return min(len(items), write.write_result(result))


class MlflowScorer:
    """An MLflow model: each file is read as a table, and each row gets a prediction."""

    def __init__(self, model, keep_columns):
        import mlflow.pyfunc

        self.model = mlflow.pyfunc.load_model(model)
        self.keep = keep_columns
        schema = self.model.metadata.get_input_schema()
        self.types = _column_types(schema)
        # What the model does not know is kept as it stands: 007 is no 7.
        kept = [name for name in keep_columns if name not in self.types]
        self.texts = [name for name, kind in self.types.items() if kind == "string"] + kept

    def score(self, items, context, write):
        for item in items:
            start = item.get("first_row", 0)
            for frame in read_frames(item, self.texts):
                frame = fit(frame, self.types)
                if write is not None:
                    write.write_frame(self._predictions(frame, start, item["name"]), separator=",")
                else:
                    self._predict(frame)
                start += len(frame)
        return len(items)

    def _predict(self, frame):
        from mlflow.exceptions import MlflowException

        try:
            return self.model.predict(frame)
        except MlflowException as error:
            # MLflow shows the whole table before it says what is wrong with it.
            words = str(error)
            raise ValueError(words if len(words) < 500 else "… " + words[-300:].rpartition(" Error: ")[2]) from None

    def _predictions(self, frame, start, name):
        import pandas

        missing = [column for column in self.keep if column not in frame.columns]
        if missing:
            raise KeyError("%s has no column %s to keep" % (name, ", ".join(missing)))
        kept = {column: frame[column].to_numpy() for column in self.keep}
        result = named_predictions(self._predict(frame))
        rows = pandas.RangeIndex(start, start + len(frame))
        return pandas.DataFrame({"row": rows, **kept, **result, "file": [name] * len(frame)})


def named_predictions(result):
    """The columns of a prediction by name: a table's own, `prediction`, or `prediction_0`, `prediction_1`, …"""
    if hasattr(result, "columns"):
        return {str(column): result[column].to_numpy() for column in result.columns}
    if hasattr(result, "to_numpy"):
        return {"prediction": result.to_numpy()}
    if isinstance(result, dict):
        return dict(result)
    if getattr(result, "ndim", 1) == 2:
        if result.shape[1] == 1:
            return {"prediction": result[:, 0]}
        return {"prediction_%d" % i: result[:, i] for i in range(result.shape[1])}
    return {"prediction": result}


def _column_types(schema):
    """Types of the columns of a model's signature by name, as MLflow calls them: `long`, `double`, `string`, …"""
    if schema is None or not schema.has_input_names() or schema.is_tensor_spec():
        return {}
    return {spec.name: str(getattr(spec.type, "name", spec.type)).lower() for spec in schema.inputs}


def fit(frame, types):
    """The frame with numbers in the width that the signature asks for, where nothing is lost by that.

    Files of text do not say how wide their numbers are: a column of whole numbers is read as 64-bit integers, and
    MLflow would refuse it where the signature says `double` or `integer`. What would lose something is left as it is,
    and MLflow says what is wrong with it.
    """
    widths = {"double": "float64", "float": "float32", "integer": "int32", "long": "int64"}
    changes = {}
    for name, kind in types.items():
        if name not in frame.columns or kind not in widths:
            continue
        column = frame[name]
        wanted = widths[kind]
        if column.dtype.kind not in "iuf" or str(column.dtype) == wanted or not len(column):
            continue
        if wanted.startswith("int") and (column.isna().any() or not (column == column.round()).all()):
            continue
        changed = column.astype(wanted)
        if wanted == "float32" or (changed == column).sum() == column.notna().sum():
            changes[name] = changed
    return replaced(frame, changes)


def replaced(frame, columns):
    """A copy of the frame with other values in some columns, whatever they are called (`assign` knows no `self`)."""
    if not columns:
        return frame
    frame = frame.copy(deep=False)
    for name, values in columns.items():
        frame[name] = values
    return frame


def read_frames(item, texts):
    """The rows of an item in DataFrames of bounded size. Raises ValueError for a kind of file that is no table.

    Columns of text files that are in `texts` stay text. Numbers are read exactly: the double that is nearest to what
    stands there, as every other reader of the file has it.
    """
    import pandas

    path, lower = item["path"], item["path"].lower()
    for suffix in (".gz", ".bz2", ".xz", ".zst"):
        lower = lower[: -len(suffix)] if lower.endswith(suffix) else lower
    if lower.endswith((".parquet", ".pq")):
        import pyarrow.parquet

        file = pyarrow.parquet.ParquetFile(path)
        groups = {"row_groups": item["row_groups"]} if item.get("row_groups") is not None else {}
        for batch in file.iter_batches(batch_size=CHUNK_ROWS, **groups):
            yield batch.to_pandas()
    elif lower.endswith((".csv", ".tsv", ".txt")):
        options = {"sep": "\t" if lower.endswith(".tsv") else ",", "float_precision": "round_trip"}
        types = {name: "object" for name in texts}
        with pandas.read_csv(open_part(item), dtype=types or None, chunksize=CHUNK_ROWS, **options) as reader:
            for frame in reader:
                yield frame
    elif lower.endswith((".jsonl", ".ndjson")):
        with open_lines(item) as lines:
            rows = (json.loads(line) for line in lines if line.strip())
            for chunk in iter(lambda: list(itertools.islice(rows, CHUNK_ROWS)), []):
                yield pandas.DataFrame.from_records(chunk)
    elif lower.endswith(".json"):
        yield _json_table(path)
    else:
        raise ValueError(
            "%s is no table: expected Parquet, CSV, TSV, JSON Lines or JSON, by the ending of its name" % item["name"]
        )


def open_lines(item):
    """The lines of an item, as bytes; of a file that is compressed, unpacked."""
    if "end" in item:
        return open_part(item)
    openers = {".gz": "gzip", ".bz2": "bz2", ".xz": "lzma", ".zst": "zstandard"}
    kind = openers.get(os.path.splitext(item["path"])[1].lower())
    return importlib.import_module(kind).open(item["path"]) if kind else open(item["path"], "rb")


def _json_table(path):
    """A JSON file: a list of records, or one of the shapes in which MLflow takes requests."""
    import pandas

    with open(path, encoding="utf-8") as file:
        value = json.load(file)
    if isinstance(value, dict):
        for name in ("dataframe_split", "input_data"):
            if isinstance(value.get(name), dict):
                value = value[name]
                return pandas.DataFrame(value["data"], columns=value["columns"])
        value = value.get("dataframe_records") or value.get("instances") or value
    return pandas.DataFrame(value)
