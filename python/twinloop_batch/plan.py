"""Which mini-batches an input is made of."""

import os

#: A Parquet file larger than this is scored in parts of its row groups, each a mini-batch of its own.
LARGE_FILE = 32 * 1024 * 1024


def mini_batches(data, size, tabular):
    """The mini-batches of a file or folder, in the order of their paths: lists of items.

    An item is ``{"path", "name"}``, with ``"row_groups"`` where it is a part of a large Parquet file (only where rows
    rather than files are scored: ``tabular``). `name` is the path below the input, as people know it.
    """
    files = list(_files(data))
    large = [f for f in files if tabular and _is_large_parquet(f["path"])]
    whole = [f for f in files if f not in large]
    batches = [whole[start : start + size] for start in range(0, len(whole), size)]
    for file in large:
        batches.extend([dict(file, row_groups=groups)] for groups in _row_groups(file["path"]))
    return batches


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


def _is_large_parquet(path):
    return path.lower().endswith((".parquet", ".pq")) and os.path.getsize(path) > LARGE_FILE


def _row_groups(path):
    """Neighbouring row groups together, to about `LARGE_FILE` of the file."""
    import pyarrow.parquet

    metadata = pyarrow.parquet.ParquetFile(path).metadata
    groups, size = [], 0
    for index in range(metadata.num_row_groups):
        groups.append(index)
        size += metadata.row_group(index).total_byte_size
        if size >= LARGE_FILE:
            yield groups
            groups, size = [], 0
    if groups:
        yield groups
