"""Which mini-batches an input is made of."""

import os

from .settings import has_pyarrow
from .text_parts import csv_parts, json_lines_parts


def mini_batches(data, size, tabular, part_bytes):
    """The mini-batches of a file or folder, in the order of their paths: lists of items.

    An item is ``{"path", "name"}``; `name` is the path below the input, as people know it. Where rows rather than files
    are scored (``tabular``), a file larger than `part_bytes` is scored in parts, each a mini-batch of its own:
    ``{"path", "name", "first_row"}`` with ``"row_groups"`` of Parquet, or ``"header"``, ``"start"``, ``"end"`` (bytes)
    of text.
    """
    batches, group = [], []
    for file in _files(data):
        parts = _parts(file, part_bytes) if tabular else None
        if parts is None:
            group.append(file)
        if group and (parts is not None or len(group) == size):
            batches.append(group)
            group = []
        batches.extend([dict(file, **part)] for part in parts or [])
    return batches + ([group] if group else [])


def _files(data):
    if os.path.isfile(data):
        yield {"path": data, "name": os.path.basename(data)}
        return
    for folder, folders, names in os.walk(data, followlinks=True):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in sorted(names):
            path = os.path.join(folder, name)
            if not _is_hidden(name):
                yield {"path": path, "name": os.path.relpath(path, data)}


def _is_hidden(name):
    """What tools leave beside data, and what holds none: `_SUCCESS`, `.crc`, `MLTable`."""
    return name.startswith((".", "_")) or name == "MLTable"


def _parts(file, part_bytes):
    """The parts of a large file; None for one that is scored as a whole."""
    path, lower = file["path"], file["path"].lower()
    if os.path.getsize(path) <= part_bytes:
        return None
    if lower.endswith((".parquet", ".pq")):
        if not has_pyarrow():
            return None
        parts = list(_row_groups(path, part_bytes))
    elif lower.endswith((".csv", ".txt")):
        parts = csv_parts(path, part_bytes, b",")
    elif lower.endswith(".tsv"):
        parts = csv_parts(path, part_bytes, b"\t")
    elif lower.endswith((".jsonl", ".ndjson")):
        parts = json_lines_parts(path, part_bytes)
    else:
        return None
    if parts is None:
        print("%s is scored in one piece: its quotes do not say safely where its rows end." % file["name"], flush=True)
    return parts


def _row_groups(path, part_bytes):
    """Neighbouring row groups together, to about `part_bytes` of what they hold."""
    import pyarrow.parquet

    metadata = pyarrow.parquet.ParquetFile(path).metadata
    groups, size, rows, first = [], 0, 0, 0
    for index in range(metadata.num_row_groups):
        group = metadata.row_group(index)
        groups.append(index)
        size += group.total_byte_size
        rows += group.num_rows
        if size >= part_bytes or index + 1 == metadata.num_row_groups:
            yield {"row_groups": groups, "first_row": first}
            groups, size, first = [], 0, rows
