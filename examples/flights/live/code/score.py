"""Answers gate staff, who know a flight's schedule but not the weather: it is asked of the weather service, which
WEATHER_URL names. A request is a list of flights, an answer the chance of each to arrive late."""

import json
import os
import urllib.request
from functools import cache
from pathlib import Path

import mlflow
import pandas as pd

SCHEDULE = ["carrier", "origin", "dest", "weekday", "sched_dep_minute", "distance", "departures", "seats", "plane_age"]
WEATHER = ["temp", "humid", "wind_speed", "wind_gust", "precip", "visib"]


@cache
def model():
    folder = next(Path(os.environ["AZUREML_MODEL_DIR"]).glob("**/MLmodel")).parent
    return mlflow.sklearn.load_model(str(folder))


def init():
    model()


def weather(origin: str, time_hour: str) -> dict:
    url = f"{os.environ['WEATHER_URL']}/weather?origin={origin}&hour={time_hour}"
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)


def run(raw_data: str):
    flights = json.loads(raw_data)["flights"]
    rows = [flight | weather(flight["origin"], flight["time_hour"]) for flight in flights]
    features = pd.DataFrame(rows)[SCHEDULE + WEATHER].astype({name: "float64" for name in WEATHER})
    return [float(chance) for chance in model().predict_proba(features)[:, 1]]
