"""Large files of text in parts that begin and end where rows do, found in one pass with little in memory."""

import io
import re


def csv_parts(path, size, delimiter):
    """Parts of a CSV file with a header: ``{"header", "start", "end", "first_row"}``; None if it cannot be cut safely.

    Line breaks inside quotes are no ends of rows. A file in which a quote stands where RFC 4180 has none, or whose lines
    end in a bare carriage return, is left to a parser that reads it from its beginning.
    """
    quoted = re.compile(
        rb'(?<![^%s\n])"[^"]*(?:""[^"]*)*"(?=[%s\r\n]|\Z)' % (re.escape(delimiter), re.escape(delimiter))
    )
    blank = re.compile(rb"^[ \t\r]*(?:\n|\Z)" if delimiter != b"\t" else rb"^[ \r]*(?:\n|\Z)", re.MULTILINE)

    def rows_of(text, is_last):
        masked = quoted.sub(lambda match: b"x" * len(match.group()), text) if b'"' in text else text
        stray = masked.find(b'"')
        if is_last and stray >= 0:
            return None
        if b"\r" in masked and masked.count(b"\r") != masked.count(b"\r\n") + masked.endswith(b"\r"):
            return None
        end = len(text) if is_last else masked.rfind(b"\n", 0, len(text) if stray < 0 else stray) + 1
        own = masked[:end]
        return end, _lines(own) - (sum(1 for m in blank.finditer(own) if m.group()) if _may_have_blanks(own) else 0)

    with open(path, "rb") as file:
        header = file.readline()
        if not header.strip() or rows_of(header, True) is None:
            return None
        parts = _cut(file, len(header), size, rows_of)
        return parts and [dict(part, header=len(header)) for part in parts]


def json_lines_parts(path, size):
    """Parts of a JSON Lines file, in which a line break is always the end of a row."""

    def rows_of(text, is_last):
        end = len(text) if is_last else text.rfind(b"\n") + 1
        return end, sum(1 for line in text[:end].split(b"\n") if line.strip())

    with open(path, "rb") as file:
        return [dict(part, header=0) for part in _cut(file, 0, size, rows_of) or []] or None


def _cut(file, start, size, rows_of):
    parts, rest, first = [], b"", 0
    while True:
        block = file.read(size)
        text = rest + block
        if not text:
            return parts
        found = rows_of(text, not block)
        # What has no end within several parts' length has a quote that is never closed.
        if found is None or (found[0] == 0 and len(text) > 4 * size):
            return None
        end, rows = found
        if end:
            parts.append({"start": start, "end": start + end, "first_row": first})
        start, first, rest = start + end, first + rows, text[end:]
        if not block:
            return parts


def _may_have_blanks(text):
    """False where surely no line is blank, which is told much faster than how many are."""
    return text[:1] in (b"\n", b"\r", b" ", b"\t") or any(b"\n" + c in text for c in (b"\n", b"\r", b" ", b"\t"))


def _lines(text):
    return text.count(b"\n") + (not text.endswith(b"\n") and text != b"")


class Part(io.RawIOBase):
    """The bytes of a part of a file, behind the file's header."""

    def __init__(self, path, header, start, end):
        self._file = open(path, "rb")
        self._header = header
        self._left = [(0, header), (start, end)]

    def readable(self):
        return True

    def readinto(self, buffer):
        while self._left:
            start, end = self._left[0]
            self._file.seek(start)
            data = self._file.read(min(len(buffer), end - start))
            self._left[0] = (start + len(data), end)
            if not data:
                self._left.pop(0)
                continue
            buffer[: len(data)] = data
            return len(data)
        return 0

    def close(self):
        self._file.close()
        super().close()


def open_part(item):
    """The bytes of an item: of a part with its file's header, or the path of a whole file."""
    if "end" not in item:
        return item["path"]
    return io.BufferedReader(Part(item["path"], item["header"], item["start"], item["end"]), 1024 * 1024)
