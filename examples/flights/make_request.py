"""Makes request.json, 300 real flights of April as an endpoint wants them, and arrivals.json, what became of them.

They are spread evenly over the month. Flights that never arrived are left out: there is nothing to compare with.

    python make_request.py
"""

import json
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "src"))
from flights import FEATURES, with_features  # noqa: E402

COUNT = 300


def lines(rows: list) -> str:
    return ",\n      ".join(json.dumps(row) for row in rows)


def main() -> None:
    april = with_features(pd.read_parquet(HERE / "data/flights-2013-04.parquet"))
    april = april[april["arr_delay"].notna()].reset_index(drop=True)
    rows = april.iloc[[i * len(april) // COUNT for i in range(COUNT)]]
    columns = rows[FEATURES].astype(object)
    data = columns.where(columns.notna(), None).values.tolist()

    (HERE / "request.json").write_text(
        '{\n  "input_data": {\n'
        f'    "columns": {json.dumps(FEATURES)},\n'
        f'    "data": [\n      {lines(data)}\n    ]\n  }}\n}}\n'
    )
    arrivals = [
        {
            "flight": f"{row.carrier} {row.flight}",
            "from": row.origin,
            "to": row.dest,
            "date": str(row.date.date()),
            "departs": f"{row.sched_dep_time // 100:02d}:{row.sched_dep_time % 100:02d}",
            "minutes_late": int(row.arr_delay),
        }
        for row in rows.itertuples()
    ]
    (HERE / "arrivals.json").write_text("[\n  " + ",\n  ".join(json.dumps(a) for a in arrivals) + "\n]\n")
    print(f"{COUNT} flights, {sum(a['minutes_late'] > 15 for a in arrivals)} of them late")


if __name__ == "__main__":
    main()
