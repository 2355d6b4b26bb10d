"""What the steps rely on. The release plan's gate `unit_tests` runs it in the environment of the model's own job."""

import pandas as pd

from flights import FEATURES, TARGET, with_features

FLIGHT = {
    "time_hour": pd.Timestamp("2013-04-03 10:00", tz="UTC"),
    "year": 2013,
    "month": 4,
    "day": 3,
    "sched_dep_time": 630,
    "carrier": "UA",
    "flight": 1,
    "origin": "EWR",
    "dest": "SFO",
    "distance": 2565,
    "plane_year": 2001,
    "seats": 149,
    "temp": 50.0,
    "humid": 60.0,
    "wind_speed": 10.0,
    "wind_gust": None,
    "precip": 0.0,
    "visib": 10.0,
    "arr_delay": 16,
}


def features(**changes) -> pd.Series:
    return with_features(pd.DataFrame([FLIGHT | changes])).iloc[0]


def test_times_are_minutes_of_the_day_and_days_count_from_monday():
    assert features()["sched_dep_minute"] == 390
    assert features(sched_dep_time=5)["sched_dep_minute"] == 5
    assert features()["weekday"] == 3


def test_late_is_more_than_a_quarter_of_an_hour_and_unknown_if_it_never_arrived():
    assert [features(arr_delay=delay)[TARGET] for delay in [16, 15, -20]] == [True, False, False]
    assert pd.isna(features(arr_delay=None)[TARGET])


def test_departures_are_those_scheduled_at_the_airport_in_the_hour():
    rows = pd.DataFrame([FLIGHT, FLIGHT | {"flight": 2}, FLIGHT | {"flight": 3, "origin": "JFK"}])
    assert list(with_features(rows)["departures"]) == [2, 2, 1]


def test_nothing_that_is_known_only_afterwards_is_a_feature():
    known_afterwards = {"dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"}
    assert not known_afterwards & set(FEATURES)
