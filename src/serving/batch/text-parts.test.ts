import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const folder = fileURLToPath(new URL('../../../python', import.meta.url))

/** Random files, in parts of a few bytes, against Python's own reader of the whole. */
const fuzz = `
import csv, io, json, os, random, sys, tempfile
sys.path.insert(0, sys.argv[1])
from twinloop_batch.text_parts import csv_parts, json_lines_parts, open_part
random.seed(int(sys.argv[2]))
path = os.path.join(tempfile.mkdtemp(), "data")
def table(item):
    text = io.TextIOWrapper(open_part(item), newline="", encoding="utf-8") if "end" in item else open(path, newline="", encoding="utf-8")
    with text:
        rows = [row for row in csv.reader(text) if [field.strip() for field in row] not in ([], [""])]
        return rows[0], rows[1:]
counts = {"cut": 0, "whole": 0}
for trial in range(500):
    stray = trial % 5 == 0
    end = random.choice(["\\n", "\\r\\n"])
    def field():
        text = random.choice(["", "a", "1.5", "é", "x,y", 'say "hi"', "two\\nlines", "\\r\\n", '"', ",", '""'])
        needs = any(c in text for c in ',"\\r\\n')
        if needs or random.random() < 0.2:
            return '"' + text.replace('"', '""') + '"'
        return 'b"c' if stray and random.random() < 0.1 else text
    lines = ["a,b"]
    for _ in range(random.randrange(0, 30)):
        lines.append(random.choice(["", " "]) if random.random() < 0.1 else "k" + field().replace('"', "'") + "," + field())
    content = end.join(lines) + random.choice(["", end])
    with open(path, "w", newline="", encoding="utf-8") as file:
        file.write(content)
    parts = csv_parts(path, random.randrange(1, 60), b",")
    if parts is None:
        counts["whole"] += 1
        continue
    counts["cut"] += 1
    header, expected = table({"path": path})
    found = []
    for part in parts:
        own, rows = table(dict(part, path=path))
        assert own == header and part["first_row"] == len(found), (content, part, found)
        found += rows
    assert found == expected, (content, found, expected)
    records = [{"a": n, "b": "\\u2028" * random.randrange(3)} for n in range(random.randrange(1, 20))]
    with open(path, "w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + random.choice(["\\n", "\\r\\n", "\\n\\n"]))
    parts, found = json_lines_parts(path, random.randrange(1, 60)), []
    for part in parts or []:
        with open_part(dict(part, path=path)) as file:
            rows = [json.loads(line) for line in file if line.strip()]
        assert part["first_row"] == len(found)
        found += rows
    assert parts is None or found == records
print(json.dumps(counts))
`

test('a large file of text is cut where rows end, whatever its quotes hold', async () => {
  const { stdout } = await promisify(execFile)('python3', ['-c', fuzz, folder, '7'])
  const { cut, whole } = JSON.parse(stdout) as { cut: number; whole: number }
  assert.ok(cut > 300 && whole > 20, stdout)
})
