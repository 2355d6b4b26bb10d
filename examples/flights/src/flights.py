"""What the steps share: which columns the model sees, and how they are made from a month's flights.

Only what is known before departure may be a feature: the schedule, the plane, and the weather at the origin.
"""

from pathlib import Path

import pandas as pd

CATEGORIES = ["carrier", "origin", "dest"]
SCHEDULE = ["weekday", "sched_dep_minute", "distance", "departures"]
PLANE = ["seats", "plane_age"]
WEATHER = ["temp", "humid", "wind_speed", "wind_gust", "precip", "visib"]
FEATURES = CATEGORIES + SCHEDULE + PLANE + WEATHER
TARGET = "late"


def with_features(flights: pd.DataFrame) -> pd.DataFrame:
    """The flights with FEATURES and TARGET added. TARGET is null for a flight that never arrived."""
    date = pd.to_datetime(flights[["year", "month", "day"]])
    scheduled = flights["sched_dep_time"].astype("int64")
    return flights.assign(
        date=date,
        weekday=date.dt.isocalendar().day.astype("int64"),
        sched_dep_minute=scheduled // 100 * 60 + scheduled % 100,
        distance=flights["distance"].astype("int64"),
        departures=flights.groupby(["origin", "time_hour"])["flight"].transform("size").astype("int64"),
        seats=flights["seats"].astype("float64"),
        plane_age=(flights["year"] - flights["plane_year"]).astype("float64"),
        **{name: flights[name].astype("float64") for name in WEATHER},
        late=(flights["arr_delay"] > 15).where(flights["arr_delay"].notna()),
    )


def read_rows(folder: str) -> pd.DataFrame:
    """The rows that `prepare` wrote into one of its output folders."""
    return pd.read_parquet(Path(folder) / "rows.parquet")
