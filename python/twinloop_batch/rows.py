"""Writes what a model or a script gave for a mini-batch as a part of the output."""

import json
import math
import os


class PartWriter:
    """Writes one part; `close` makes it visible, and a part that is not closed leaves nothing."""

    def __init__(self, path, output_format):
        self.path = path
        self.format = output_format
        self.temporary = path + ".new"
        self.rows = 0
        self._parquet = None
        self._file = None if output_format == "parquet" else open(self.temporary, "w", encoding="utf-8", newline="")

    def write_result(self, result):
        """What a script's ``run`` returned: a DataFrame, or a list (or array) with one element for each row."""
        if hasattr(result, "to_csv") and hasattr(result, "columns"):
            return self.write_frame(result, separator=" ")
        elements = list(result)
        if self.format == "csv":
            for element in elements:
                self._file.write("%s\n" % (element if isinstance(element, str) else _line(element)))
            self.rows += len(elements)
            return len(elements)
        return self.write_records([e if isinstance(e, dict) else {"prediction": _plain(e)} for e in elements])

    def write_frame(self, frame, separator):
        """A DataFrame. In CSV without a header, as Azure ML writes predictions; its index is not written."""
        if self.format == "csv":
            frame.to_csv(self._file, sep=separator, header=False, index=False)
        elif self.format == "jsonl":
            names = [str(name) for name in frame.columns]
            columns = [[_json(value) for value in frame.iloc[:, i].tolist()] for i in range(len(names))]
            for values in zip(*columns):
                self._file.write(json.dumps(dict(zip(names, values))) + "\n")
        else:
            import pyarrow

            self._write_table(pyarrow.Table.from_pandas(frame, preserve_index=False))
        self.rows += len(frame)
        return len(frame)

    def write_records(self, records):
        if self.format == "jsonl":
            for record in records:
                self._file.write(json.dumps({k: _json(v) for k, v in record.items()}) + "\n")
        else:
            import pyarrow

            self._write_table(pyarrow.Table.from_pylist([{k: _plain(v) for k, v in r.items()} for r in records]))
        self.rows += len(records)
        return len(records)

    def _write_table(self, table):
        import pyarrow.parquet

        if self._parquet is None:
            self._parquet = pyarrow.parquet.ParquetWriter(self.temporary, table.schema)
        self._parquet.write_table(table.cast(self._parquet.schema))

    def close(self):
        for out in (self._file, self._parquet):
            if out is not None:
                out.close()
        if os.path.exists(self.temporary):
            os.replace(self.temporary, self.path)

    def abandon(self):
        for out in (self._file, self._parquet):
            if out is not None:
                out.close()
        if os.path.exists(self.temporary):
            os.remove(self.temporary)


def _line(element):
    """An element as Azure ML writes it: the fields of a list or tuple apart by blanks, anything else as text."""
    if isinstance(element, (list, tuple)):
        return " ".join(str(field) for field in element)
    return str(element)


def _plain(value):
    """Numbers of NumPy as Python's own."""
    return value.item() if hasattr(value, "item") and getattr(value, "shape", None) == () else (
        value.tolist() if hasattr(value, "tolist") else value
    )


def _json(value):
    """The value as JSON has it: what is no number is null, times are ISO 8601."""
    value = _plain(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, bool, int, list, dict)):
        return value
    if value != value or type(value).__name__ == "NAType":
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
