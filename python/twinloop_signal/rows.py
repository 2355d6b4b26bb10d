"""Rows as the programs of monitoring signals are given them: numbers as doubles, categories as texts."""


def read(path, columns=None):
    """A frame with the columns in this order; texts stay texts, what is missing is None or NaN."""
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(path)
    frame = table.to_pandas(date_as_object=False)
    return frame if columns is None else frame[list(columns)]


def plain_names(frame):
    """The same frame with names that LightGBM takes: it refuses some characters."""
    frame = frame.copy(deep=False)
    frame.columns = ["f%d" % i for i in range(frame.shape[1])]
    return frame


def answer(program):
    """Runs the program for what TWINLOOP_SIGNAL asks, and leaves what it answers, or why there is no answer."""
    import argparse
    import json
    import os
    import sys

    parser = argparse.ArgumentParser()
    found, rest = parser.parse_known_args()
    given = {name[2:]: value for name, value in zip(rest[::2], rest[1::2])}
    try:
        said = program(json.loads(os.environ["TWINLOOP_SIGNAL"]), given)
    except LookupError as why:
        said = {"problem": str(why.args[0])}
        print(said["problem"])
    os.makedirs("outputs", exist_ok=True)
    with open(os.path.join("outputs", "answer.json"), "w", encoding="utf-8") as out:
        json.dump(cleaned(said), out, allow_nan=False)
    sys.stdout.flush()


def cleaned(value):
    """Numbers that JSON does not have are null; NumPy's become Python's."""
    if isinstance(value, dict):
        return {key: cleaned(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(one) for one in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value - value != 0:
        return None
    return value
