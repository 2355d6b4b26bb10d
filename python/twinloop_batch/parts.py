"""What mini-batches gave: one part file each, written whole or not at all, and put together at the end."""

import json
import os
import shutil
import subprocess

from .settings import has_pyarrow
from .worker_process import node_command


class Parts:
    """The part files of one job, below a folder that outlives the driver."""

    def __init__(self, folder, output_format):
        self.folder = folder
        self.format = output_format
        os.makedirs(folder, exist_ok=True)

    def path(self, index):
        return os.path.join(self.folder, "%08d.part" % index)

    def note_path(self, index):
        return os.path.join(self.folder, "%08d.json" % index)

    def note(self, index):
        """What is known of a mini-batch that is over: ``{"ok", "rows", "failed"}``; None of one that is not."""
        try:
            with open(self.note_path(index)) as file:
                return json.load(file)
        except (OSError, ValueError):
            return None

    def keep(self, index, note):
        """Says that a mini-batch is over. Its part is there before this is: who finds the note finds the part."""
        temporary = self.note_path(index) + ".new"
        with open(temporary, "w") as file:
            json.dump(note, file)
        os.replace(temporary, self.note_path(index))

    def assemble(self, count, target):
        """Puts the parts together in their order, as the file `target`. Memory does not grow with their number."""
        present = [self.path(index) for index in range(count) if os.path.exists(self.path(index))]
        temporary = os.path.join(self.folder, "assembled")
        if self.format == "parquet":
            (_assemble_parquet if has_pyarrow() else _assemble_by_program)(present, temporary)
        else:
            with open(temporary, "wb") as whole:
                for part in present:
                    with open(part, "rb") as file:
                        shutil.copyfileobj(file, whole, 1024 * 1024)
        os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
        os.replace(temporary, target)


def _assemble_by_program(parts, target):
    """Has Twinloop's own program make Parquet of parts that are JSON Lines or, of a compiled model, Parquet."""
    order = json.dumps({"parts": parts, "target": target})
    subprocess.run(node_command("TWINLOOP_BATCH_PARQUET"), input=order.encode(), check=True)


def _assemble_parquet(parts, target):
    import pyarrow
    import pyarrow.parquet as parquet

    schemas = [parquet.read_schema(part) for part in parts]
    schema = _unify(pyarrow, schemas) if schemas else pyarrow.schema([])
    with parquet.ParquetWriter(target, schema, compression="zstd") as writer:
        for part in parts:
            file = parquet.ParquetFile(part)
            for group in range(file.metadata.num_row_groups):
                writer.write_table(_fit(pyarrow, file.read_row_group(group), schema))


def _unify(pyarrow, schemas):
    """One schema for all parts: a column that is empty in one part has the type of the others, whole numbers widen."""
    bare = [schema.remove_metadata() for schema in schemas]
    try:
        return pyarrow.unify_schemas(bare, promote_options="permissive")
    except TypeError:  # pyarrow before 14
        return pyarrow.unify_schemas(bare)


def _fit(pyarrow, table, schema):
    columns = [
        table.column(field.name).cast(field.type)
        if field.name in table.column_names
        else pyarrow.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pyarrow.Table.from_arrays(columns, schema=schema)
