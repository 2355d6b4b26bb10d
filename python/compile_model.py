"""Compiles an MLflow model to ONNX, with the rows that are to prove that both answer the same.

    python compile_model.py --model FOLDER --out FOLDER [--rows FILE]...

Runs in the environment that the model is served in, and needs nothing that is not there. Writes into the out folder:
    compiled.json   {"compiled": true, "columns", "answer", "rows", "versions"} or {"compiled": false, "reason"}
    model.onnx      inputs `numbers` (doubles) and `texts`, rows by the columns of each kind
    proof.jsonl     a case a line: {"body", "answer"}, JSON texts; answer null where Python raises an error
FILEs (JSON Lines) have real rows, of which some are added to the proof.
"""

import os

# Small batches on many threads wait for one another; and sums are to be made in one order.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import argparse  # noqa: E402
import json
import math
import sys
import traceback
import warnings

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [p for p in sys.path if os.path.abspath(p or os.getcwd()) != here]
sys.path.insert(0, here)
from twinloop_compile import estimators  # noqa: E402
from twinloop_compile.columns import NUMBERS, NUMERIC, TEXTS, Column, Compilation, Unconvertible  # noqa: E402
from twinloop_compile.onnx_file import BOOL, DOUBLE, FLOAT, INT64  # noqa: E402
from twinloop_compile.proof_rows import rows_of_proof  # noqa: E402
from twinloop_runtime import model_input  # noqa: E402
from twinloop_runtime.answers import BadInput, plain  # noqa: E402
from twinloop_runtime.mlflow_model import MlflowModel, model_folder  # noqa: E402

sys.path.remove(here)

# Of which proof_rows.py takes some.
ENOUGH_ROWS = 600
LIBRARIES = ("mlflow-skinny", "mlflow", "scikit-learn", "xgboost", "lightgbm", "pandas", "numpy")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--rows", action="append", default=[])
    warnings.simplefilter("ignore")
    compile_into(parser.parse_args())


def compile_into(options):
    """Writes what the out folder is to have; never raises an error for what the model is."""
    try:
        found = compile_model(options)
    except Unconvertible as problem:
        found = {"compiled": False, "reason": str(problem)}
    except Exception as problem:
        traceback.print_exc()
        found = {"compiled": False, "reason": "compiling it failed (%s: %s)" % (type(problem).__name__, problem)}
    with open(os.path.join(options.out, "compiled.json"), "w", encoding="utf-8") as file:
        json.dump(found, file)


def compile_model(options):
    served = MlflowModel(options.model)
    columns = columns_of(served.schema)
    work = Compilation(columns, lambda rows: enforced(rows, served.schema))
    answer = estimators.estimate(work, raw_model(served.model), columns, method_of(served.model))
    write_outputs(work, answer)
    with open(os.path.join(options.out, "model.onnx"), "wb") as file:
        file.write(work.graph.bytes())
    real = real_rows(work, served, options)
    batches, real_count = rows_of_proof(work, real)
    count = write_proof(os.path.join(options.out, "proof.jsonl"), served, columns, batches)
    return {
        "compiled": True,
        "columns": [column_record(column, served.schema) for column in columns],
        "answer": {
            "kind": answer.kind,
            "datatype": datatype_of(served, work, batches[0]),
            "output": served_output(served),
            **({} if answer.width is None else {"width": answer.width}),
            **({} if answer.classes is None else {"classes": plain(answer.classes)}),
        },
        "refuses": bool(work.refusals),
        "rows": {"real": real_count, "made": count - real_count},
        "versions": versions(),
    }


def columns_of(schema):
    if schema is None or schema.is_tensor_spec() or not schema.has_input_names():
        raise Unconvertible("its signature does not name columns")
    counts, columns = {NUMBERS: 0, TEXTS: 0}, []
    for spec in schema.inputs:
        kind = getattr(spec.type, "name", None)
        if kind not in NUMERIC and kind != "string":
            raise Unconvertible('column "%s" is %s' % (spec.name, kind or spec.type))
        packed = TEXTS if kind == "string" else NUMBERS
        columns.append(Column(spec.name, kind, counts[packed]))
        counts[packed] += 1
    return columns


def column_record(column, schema):
    return {
        "name": column.name,
        "type": column.type,
        "required": column.name in model_input.required(schema),
        "tensor": TEXTS if column.text else NUMBERS,
        "position": column.position,
    }


def enforced(rows, schema):
    """The DataFrame that these rows become on the way to the model; a column that they lack has any value."""
    try:
        from mlflow.models.utils import _enforce_schema
    except ImportError:
        from mlflow.pyfunc import _enforce_schema
    any_value = {"string": "", "boolean": False}
    lists = {
        spec.name: [row.get(spec.name, any_value.get(spec.type.name, 0)) for row in rows] for spec in schema.inputs
    }
    return _enforce_schema(model_input.frame(lists, schema), schema)


def raw_model(model):
    """The library's own model inside MLflow's wrapper."""
    loader = model.loader_module
    attribute = {"mlflow.sklearn": "sklearn_model", "mlflow.xgboost": "xgb_model", "mlflow.lightgbm": "lgb_model"}.get(loader)
    if attribute is None:
        raise Unconvertible("models of %s are not compiled" % loader)
    if getattr(model.metadata, "get_params_schema", lambda: None)() is not None:
        raise Unconvertible("it takes parameters with a request")
    raw = getattr(model._model_impl, attribute, model._model_impl)
    if attribute != "sklearn_model" and not hasattr(raw, "predict"):
        raise Unconvertible("its model cannot be found")
    return raw


def method_of(model):
    flavor = model.metadata.flavors["python_function"]
    method = flavor.get("predict_fn", "predict")
    if method not in ("predict", "predict_proba"):
        raise Unconvertible("it answers with %s" % method)
    return method


KINDS = {"labels": INT64, "vector": DOUBLE, "matrix": DOUBLE}


def write_outputs(work, answer):
    """The outputs `answer`, `refused` (if any row can be) and, for labels, `scores`, by which ties are told."""
    refused = work.finish_refusals()
    kind = FLOAT if answer.single and answer.kind != "labels" else KINDS[answer.kind]
    tensor = answer.tensor
    if kind == FLOAT:
        tensor = work.add("Cast", [tensor], to=FLOAT)
    work.graph.output("answer", tensor, kind, answer.width)
    if refused is not None:
        work.graph.output("refused", refused, BOOL)
    if answer.scores is not None:
        work.graph.output("scores", work.add("Cast", [answer.scores], to=DOUBLE), DOUBLE, len(answer.classes))


def real_rows(work, served, options):
    """Rows of the model's input example and of the files, as JSON has them; such as do not fit the signature are left out."""
    given = example(served, options.model)
    for path in options.rows:
        given += read_rows(path)
    rows = []
    for row in given:
        if not all(column.name in row for column in work.columns):
            continue
        row = {column.name: json_value(column, row[column.name]) for column in work.columns}
        try:
            work.frame([row])
        except (BadInput, ValueError, TypeError):
            continue
        rows.append(row)
        if len(rows) == ENOUGH_ROWS:
            break
    return rows


def json_value(column, value):
    value = plain(value)
    if column.type in ("long", "integer") and isinstance(value, float) and math.isfinite(value):
        return int(value) if value == int(value) else value
    return value


def example(served, folder):
    """Rows of the model's input example, as dicts; none where it is no table."""
    try:
        found = served.model.metadata.load_input_example(model_folder(folder))
    except Exception as problem:
        print("The input example cannot be read: %s" % problem)
        return []
    if not hasattr(found, "columns"):
        return []
    names = [str(name) for name in found.columns]
    return [dict(zip(names, values)) for values in found.astype(object).values.tolist()]


def read_rows(path):
    """Rows of a file of JSON Lines, as dicts."""
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write_proof(path, served, columns, batches):
    """Asks Python about every batch, and about each row of one that it raises an error for. The number of rows."""
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        for batch in batches:
            for rows in [batch] if ask(served, columns, batch) is not None else [[row] for row in batch]:
                body, answer = body_of(columns, rows), ask(served, columns, rows)
                file.write(json.dumps({"body": body, "answer": answer}) + "\n")
                count += len(rows)
    return count


def body_of(columns, rows):
    data = [[encoded(row[column.name]) for column in columns] for row in rows]
    names = json.dumps([column.name for column in columns])
    return '{"input_data": {"columns": %s, "data": [%s]}}' % (names, ", ".join("[%s]" % ", ".join(row) for row in data))


def encoded(value):
    """JSON of a value; an infinity as a number that is too large for a double, since JSON has none."""
    if isinstance(value, float) and math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    return json.dumps(value)


def ask(served, columns, rows):
    """What Python answers, as text; None where it raises an error."""
    try:
        return served.score({"route": "score"}, body_of(columns, rows).encode()).body.decode()
    except Exception:
        return None


def datatype_of(served, work, rows):
    """What the Open Inference Protocol calls the type of what predict returns."""
    import numpy

    from twinloop_runtime.open_inference import NUMPY

    said = served.predict(work.frame(rows), None)
    if not isinstance(said, numpy.ndarray):
        raise Unconvertible("it answers with a %s" % type(said).__name__)
    return NUMPY.get(said.dtype.str[1:], "BYTES")


def served_output(served):
    """Name of the one output, in the Open Inference Protocol."""
    names = served.outputs
    return names[0] if len(names) == 1 and names[0] else "output-0"


def versions():
    from importlib import metadata

    found = {"python": "%d.%d.%d" % sys.version_info[:3]}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    main()
