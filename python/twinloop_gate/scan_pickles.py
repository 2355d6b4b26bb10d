"""Looks for pickles in every file of a model, whatever it is called, and says what loading them would import.

    python scan_pickles.py MODEL REPORT

Nothing is loaded. What is dangerous is what `picklescan` says is; what is imported is what either `picklescan` or the
inert unpickler beside this file finds. The report is JSON: [{file, complete, problem, globals: [{module, name, safety}]}].
"""

import ast
import bz2
import gzip
import io
import json
import lzma
import os
import pickletools
import sys
import tarfile
import zipfile
import zlib

from inert_unpickler import globals_in
from picklescan import scanner

# Extensions by which loaders take a file for a pickle, or for an archive with one.
PICKLES = {".pkl", ".pickle", ".joblib", ".dat", ".data", ".bin", ".pt", ".pth", ".ckpt", ".p", ".cloudpickle", ".dill"}
DEEPEST = 4
# An archive that unpacks to more is not unpacked: it is told as not scanned.
LARGEST = 4 * 2**30
# NumPy reads no header that is longer, unless it is told to.
LONGEST_HEADER = 2**20


def main(model, report):
    findings = []
    root = model if os.path.isdir(model) else os.path.dirname(model)
    for path in sorted(files_below(model)):
        with open(path, "rb") as file:
            scan(file, os.path.relpath(path, root), findings, 0)
    with open(report, "w") as out:
        json.dump(findings, out, indent=1)
    print("%d pickles in %s" % (len(findings), model))


def files_below(path):
    if os.path.isfile(path):
        yield path
    for folder, _, names in os.walk(path):
        for name in names:
            yield os.path.join(folder, name)


def scan(file, name, findings, depth):
    """Adds a finding for the file, if it is a pickle, or for each one that is packed in it."""
    start = file.read(8)
    file.seek(0)
    try:
        if depth > DEEPEST:
            raise ValueError("archives within archives, more than %d deep" % DEEPEST)
        opened = unpacked(file, start)
        if opened is not None:
            return scan(opened, name, findings, depth + 1)
        if start[:4] in (b"PK\x03\x04", b"PK\x05\x06") or zipfile.is_zipfile(file):
            return scan_zip(file, name, findings, depth)
        file.seek(0)
        if name.endswith((".tar", ".tgz", ".tar.gz", ".mar")) and tarfile.is_tarfile(file):
            file.seek(0)
            return scan_tar(file, name, findings, depth)
    except Exception as error:
        findings.append(unread(name, "%s: %s" % (type(error).__name__, error)))
        return
    file.seek(0)
    certain = is_pickle(file, name, start)
    if certain or os.path.splitext(name)[1].lower() in PICKLES:
        found = finding(file, name)
        # A name alone makes no pickle; one that imports something and breaks off then has imported it all the same.
        if certain or found["complete"] or found["globals"]:
            findings.append(found)


def unpacked(file, start):
    """The file without its compression (joblib and others compress whole pickles); None if it has none."""
    if start[:2] == b"\x1f\x8b":
        return bounded(gzip.GzipFile(fileobj=file))
    if start[:3] == b"BZh":
        return bounded(bz2.BZ2File(file))
    if start[:6] == b"\xfd7zXZ\x00" or start[:3] == b"\x5d\x00\x00":
        return bounded(lzma.LZMAFile(file))
    if len(start) > 1 and start[0] == 0x78 and start[1] in (0x01, 0x5E, 0x9C, 0xDA):
        inflate = zlib.decompressobj()
        out = inflate.decompress(file.read(), LARGEST + 1)
        return bounded(io.BytesIO(out))
    if start[:4] == b"\x04\x22\x4d\x18":
        raise ValueError("compressed by LZ4, which cannot be read here")
    return None


def bounded(stream):
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError("unpacks to more than %d bytes" % LARGEST)
    return io.BytesIO(data)


def scan_zip(file, name, findings, depth):
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            inner = "%s:%s" % (name, entry.filename)
            try:
                with archive.open(entry) as packed:
                    content = bounded(packed)
            except Exception as error:
                findings.append(unread(inner, "%s: %s" % (type(error).__name__, error)))
                continue
            scan(content, inner, findings, depth + 1)


def scan_tar(file, name, findings, depth):
    with tarfile.open(fileobj=file) as archive:
        for entry in archive:
            packed = archive.extractfile(entry) if entry.isfile() else None
            if packed is not None:
                scan(bounded(packed), "%s:%s" % (name, entry.name), findings, depth + 1)


def is_pickle(file, name, start):
    if len(start) > 1 and start[0] == 0x80 and start[1] <= 5:
        return True
    if start[:6] == b"\x93NUMPY":
        return holds_objects(file.read(LONGEST_HEADER))
    return reads_as_text_pickle(file)


def holds_objects(array):
    """Whether the header of a NumPy array says that there are objects in it, which are pickled; so does one that cannot be read."""
    try:
        header = array[header_width(array) : header_end(array)].decode("latin-1")
        return any("O" in kind or "object" in kind for kind in kinds_in(ast.literal_eval(header.strip())["descr"]))
    except Exception:
        return True


def header_width(array):
    return 10 if array[6] == 1 else 12


def header_end(array):
    width = header_width(array)
    return width + int.from_bytes(array[8:width], "little")


def kinds_in(descr):
    """The types in a description of an array's items: one, one with its shape, or those of fields by name."""
    if isinstance(descr, str):
        return [descr]
    if isinstance(descr, tuple):
        return kinds_in(descr[0])
    return [kind for field in descr for kind in kinds_in(field[1])]


def reads_as_text_pickle(file):
    """Pickles of protocol 0 and 1 begin with nothing that tells: one is what has an end and imports something."""
    seen = False
    try:
        for opcode, _, _ in pickletools.genops(file.read(2**20)):
            seen = seen or opcode.name in ("GLOBAL", "INST", "REDUCE", "OBJ", "BUILD")
            if opcode.name == "STOP":
                return seen
    except Exception:
        pass
    return False


def finding(file, name):
    file.seek(0)
    content = file.read()
    if content[:6] == b"\x93NUMPY":
        content = content[header_end(content) :]
    names, problem = globals_in(io.BytesIO(content))
    found = {(g.module, g.name): g.safety for g in opinion(content, name)}
    more = scanner._build_scan_result_from_raw_globals({pair for pair in names if pair not in found}, name)
    for g in more.globals:
        found[(g.module, g.name)] = g.safety
    return {
        "file": name,
        "complete": problem is None,
        "problem": problem,
        "globals": [
            {"module": module, "name": global_name, "safety": safety.value}
            for (module, global_name), safety in sorted(found.items(), key=lambda item: item[0])
        ],
    }


def opinion(content, name):
    """What picklescan itself finds; where it breaks down, the inert unpickler alone has to know."""
    try:
        return scanner.scan_bytes(io.BytesIO(content), name, os.path.splitext(name)[1]).globals
    except Exception as error:
        print("picklescan cannot read %s: %s" % (name, error))
        return []


def unread(name, problem):
    return {"file": name, "complete": False, "problem": problem, "globals": []}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
