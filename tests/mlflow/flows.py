"""Everyday flows of a data scientist with the real `mlflow` client, unmodified, against the server that the
environment names (MLFLOW_TRACKING_URI, MLFLOW_TRACKING_TOKEN). Each function is one flow; run as `flows.py NAME`."""

import os
import sys
import tempfile
import uuid
from pathlib import Path

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

CLIENT_3 = int(mlflow.__version__.split(".")[0]) >= 3


def unique(word):
    return f"{word}-{uuid.uuid4().hex[:8]}"


def iris():
    return load_iris(return_X_y=True, as_frame=True)


def log_model(model, name, **kwargs):
    if CLIENT_3:
        return mlflow.sklearn.log_model(model, name=name, **kwargs)
    return mlflow.sklearn.log_model(model, name, **kwargs)


def refuses(code, call):
    try:
        call()
    except MlflowException as error:
        assert error.error_code == code, f"{error.error_code}: {error}"
        return str(error)
    raise AssertionError(f"expected {code}")


def runs():
    """Experiments, runs, parameters, metrics, tags, nested runs, searches."""
    name = unique("runs")
    experiment = mlflow.set_experiment(name)
    with mlflow.start_run(run_name="parent", tags={"team": "ops"}) as parent:
        mlflow.log_param("depth", 3)
        mlflow.log_params({f"p{i}": i for i in range(120)})
        mlflow.log_metric("auc", 0.7, step=0)
        for step in range(1, 6):
            mlflow.log_metric("auc", 0.7 + step / 100, step=step)
        mlflow.log_metrics({"loss": float("nan"), "f1": 0.5})
        mlflow.set_tags({"a": "1", "mlflow.note.content": "hello"})
        for i in range(3):
            with mlflow.start_run(run_name=f"child {i}", nested=True):
                mlflow.log_metric("auc", i / 10)
    client = MlflowClient()
    run = client.get_run(parent.info.run_id)
    assert run.info.status == "FINISHED" and run.info.end_time >= run.info.start_time
    assert run.data.params["depth"] == "3" and len(run.data.params) == 121
    assert run.data.metrics["auc"] == 0.75 and np.isnan(run.data.metrics["loss"])
    assert run.data.tags["team"] == "ops"
    history = client.get_metric_history(run.info.run_id, "auc")
    assert [m.step for m in history] == list(range(6))
    refuses("INVALID_PARAMETER_VALUE", lambda: client.log_param(run.info.run_id, "depth", 4))
    refuses("RESOURCE_DOES_NOT_EXIST", lambda: client.get_run("0" * 32))

    found = mlflow.search_runs([experiment.experiment_id], order_by=["metrics.auc DESC"])
    assert list(found["tags.mlflow.runName"]) == ["parent", "child 2", "child 1", "child 0"]
    children = client.search_runs(
        [experiment.experiment_id], f"tags.mlflow.parentRunId = '{run.info.run_id}' and metrics.auc >= 0.1"
    )
    assert len(children) == 2
    pages, token = [], None
    while True:
        page = client.search_runs([experiment.experiment_id], max_results=3, page_token=token)
        pages += page
        token = page.token
        if not token:
            break
    assert len(pages) == 4
    assert client.search_experiments(filter_string=f"name = '{name}'")[0].experiment_id == experiment.experiment_id
    message = refuses(
        "INVALID_PARAMETER_VALUE", lambda: client.search_runs([experiment.experiment_id], "metrics.auc ~ 3")
    )
    assert "position" in message

    client.set_terminated(children[0].info.run_id, "FAILED")
    assert client.get_run(children[0].info.run_id).info.status == "FAILED"
    client.delete_run(children[0].info.run_id)
    assert len(client.search_runs([experiment.experiment_id])) == 3
    client.restore_run(children[0].info.run_id)
    client.rename_experiment(experiment.experiment_id, name + " renamed")
    client.delete_experiment(experiment.experiment_id)
    assert client.get_experiment(experiment.experiment_id).lifecycle_stage == "deleted"
    client.restore_experiment(experiment.experiment_id)


def artifacts():
    """Files, folders, text and tables, listed and fetched again."""
    mlflow.set_experiment(unique("artifacts"))
    with mlflow.start_run() as run, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "inner").mkdir()
        (Path(folder) / "a b.txt").write_text("one")
        (Path(folder) / "inner" / "zwei.bin").write_bytes(bytes(range(256)) * 5000)
        mlflow.log_artifacts(folder, "data")
        mlflow.log_text("hello", "notes/hello.txt")
        mlflow.log_dict({"k": 1}, "d.json")
    client = MlflowClient()
    run_id = run.info.run_id
    assert sorted(f.path for f in client.list_artifacts(run_id)) == ["d.json", "data", "notes"]
    assert sorted(f.path for f in client.list_artifacts(run_id, "data")) == ["data/a b.txt", "data/inner"]
    assert client.list_artifacts(run_id, "nothing") == []
    local = Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="data"))
    assert (local / "inner" / "zwei.bin").read_bytes() == bytes(range(256)) * 5000
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/notes/hello.txt") == "hello"


def models():
    """A model logged with signature and example, registered, aliased, loaded in every way, tagged and deleted."""
    X, y = iris()
    name = unique("iris")
    mlflow.set_experiment(unique("models"))
    client = MlflowClient()
    with mlflow.start_run() as run:
        model = LogisticRegression(max_iter=500).fit(X, y)
        mlflow.log_metric("accuracy", model.score(X, y))
        signature = mlflow.models.infer_signature(X, model.predict(X))
        info = log_model(model, "model", signature=signature, input_example=X[:3], registered_model_name=name)
    run_id = run.info.run_id
    expected = model.predict(X)

    def same(uri):
        return (mlflow.pyfunc.load_model(uri).predict(X) == expected).all()

    assert same(f"runs:/{run_id}/model") and same(info.model_uri)
    assert same(f"models:/{name}/1") and same(f"models:/{name}/latest")
    client.set_registered_model_alias(name, "champion", 1)
    assert same(f"models:/{name}@champion")
    assert (mlflow.sklearn.load_model(f"models:/{name}@champion").predict(X) == expected).all()
    version = client.get_model_version_by_alias(name, "champion")
    assert version.version == "1" or version.version == 1
    assert version.run_id == run_id and version.aliases == ["champion"] and version.status == "READY"
    assert mlflow.models.get_model_info(f"models:/{name}/1").signature == signature

    second = mlflow.register_model(f"runs:/{run_id}/model", name, tags={"stage": "trial"})
    assert int(second.version) == 2
    assert client.get_model_version(name, "2").tags == {"stage": "trial"}
    client.set_registered_model_alias(name, "champion", "2")
    client.set_model_version_tag(name, "2", "checked", "yes")
    client.update_model_version(name, "2", description="the second")
    client.update_registered_model(name, description="irises")
    client.set_registered_model_tag(name, "owner", "ada")
    registered = client.get_registered_model(name)
    assert registered.description == "irises" and registered.tags == {"owner": "ada"}
    assert {k: str(v) for k, v in registered.aliases.items()} == {"champion": "2"}
    found = client.search_model_versions(f"name = '{name}' and tags.checked = 'yes'")
    assert [str(v.version) for v in found] == ["2"] and found[0].description == "the second"
    assert name in [m.name for m in client.search_registered_models()]
    assert [m.name for m in client.search_registered_models(f"name ILIKE '{name.upper()}'")] == [name]
    assert [str(v.version) for v in client.search_model_versions(f"run_id = '{run_id}'")] == ["2", "1"]

    copied = client.copy_model_version(f"models:/{name}@champion", name + "-prod")
    assert same(f"models:/{copied.name}/{copied.version}")
    client.transition_model_version_stage(name, "1", "Production")
    assert [str(v.version) for v in client.get_latest_versions(name, ["Production"])] == ["1"]
    assert same(f"models:/{name}/Production")
    client.transition_model_version_stage(name, "2", "production", archive_existing_versions=True)
    assert client.get_model_version(name, "1").current_stage == "Archived"

    refuses("RESOURCE_ALREADY_EXISTS", lambda: client.create_registered_model(name))
    refuses("INVALID_PARAMETER_VALUE", lambda: client.set_registered_model_alias(name, "latest", "1"))
    refuses("RESOURCE_DOES_NOT_EXIST", lambda: client.set_registered_model_alias(name, "x", "99"))
    client.delete_model_version(name, "2")
    refuses("RESOURCE_DOES_NOT_EXIST", lambda: client.get_model_version_by_alias(name, "champion"))
    client.delete_registered_model(name)
    refuses("RESOURCE_DOES_NOT_EXIST", lambda: client.get_registered_model(name))


def autolog():
    """scikit-learn's autologging, with its model, its dataset and its parameters."""
    X, y = iris()
    name = unique("auto")
    experiment = mlflow.set_experiment(unique("autolog"))
    mlflow.sklearn.autolog(registered_model_name=name, silent=True)
    with mlflow.start_run() as run:
        model = LogisticRegression(max_iter=300).fit(X, y)
        model.score(X, y)
    mlflow.sklearn.autolog(disable=True)
    logged = MlflowClient().get_run(run.info.run_id)
    assert logged.data.params["max_iter"] == "300"
    assert "training_accuracy_score" in logged.data.metrics
    assert logged.inputs.dataset_inputs[0].tags[0].value == "train"
    digest = logged.inputs.dataset_inputs[0].dataset.digest
    found = mlflow.search_runs([experiment.experiment_id], f"dataset.digest = '{digest}'")
    assert list(found.run_id) == [run.info.run_id]
    loaded = mlflow.pyfunc.load_model(f"models:/{name}/1")
    assert (loaded.predict(X) == model.predict(X)).all()
    if CLIENT_3:
        models = mlflow.search_logged_models([experiment.experiment_id], output_format="list")
        assert models[0].source_run_id == run.info.run_id and models[0].status == "READY"
        assert any(m.key == "training_accuracy_score" for m in models[0].metrics)
        assert logged.outputs.model_outputs[0].model_id == models[0].model_id


def grid_search():
    """Autologging of a search: child runs, written from threads."""
    X, y = iris()
    experiment = mlflow.set_experiment(unique("grid"))
    mlflow.sklearn.autolog(max_tuning_runs=3, silent=True)
    GridSearchCV(LogisticRegression(max_iter=300), {"C": [0.1, 1.0, 10.0]}, cv=2).fit(X, y)
    mlflow.sklearn.autolog(disable=True)
    found = mlflow.search_runs([experiment.experiment_id])
    assert len(found) == 4, found
    parent = found[found["tags.mlflow.parentRunId"].isna()].iloc[0]
    assert "best_cv_score" in "".join(found.columns) and parent["params.best_C"] in {"0.1", "1.0", "10.0"}


def datasets():
    """Data that a run says it read."""
    experiment = mlflow.set_experiment(unique("datasets"))
    frame = pd.DataFrame({"x": [1.0, 2.0], "y": [0, 1]})
    data = mlflow.data.from_pandas(frame, source="https://example.org/flights.csv", name="flights", targets="y")
    with mlflow.start_run() as run:
        mlflow.log_input(data, context="training", tags={"month": "1"})
    inputs = MlflowClient().get_run(run.info.run_id).inputs.dataset_inputs
    assert inputs[0].dataset.name == "flights" and {t.key: t.value for t in inputs[0].tags}["month"] == "1"
    for clause, count in [("dataset.name = 'flights'", 1), ("dataset.context = 'evaluation'", 0)]:
        assert len(mlflow.search_runs([experiment.experiment_id], clause)) == count


def shared():
    """A registry that workspaces share: registered from a run, listed, aliased, loaded."""
    X, y = iris()
    mlflow.set_experiment(unique("shared"))
    model = LogisticRegression(max_iter=300).fit(X, y)
    with mlflow.start_run() as run:
        info = log_model(model, "model")
    mlflow.set_registry_uri(os.environ["SHARED_REGISTRY_URI"])
    try:
        name = unique("shared")
        assert mlflow.register_model(info.model_uri, name).version == "1"
        assert mlflow.register_model(f"runs:/{run.info.run_id}/model", name).version == "2"
        client = MlflowClient()
        assert name in [m.name for m in client.search_registered_models()]
        assert [v.version for v in client.search_model_versions(f"name = '{name}'")] == ["2", "1"]
        client.set_registered_model_alias(name, "champion", "1")
        assert client.get_model_version_by_alias(name, "champion").version == "1"
        for uri in (f"models:/{name}/2", f"models:/{name}@champion"):
            loaded = mlflow.sklearn.load_model(uri) if not CLIENT_3 else mlflow.pyfunc.load_model(uri)
            assert (loaded.predict(X) == model.predict(X)).all(), uri
        client.set_model_version_tag(name, "1", "stage", "gold")
        assert client.get_model_version(name, "1").tags == {"stage": "gold"}
        refuses("RESOURCE_DOES_NOT_EXIST", lambda: client.get_model_version(name, "9"))
    finally:
        mlflow.set_registry_uri(None)


FLOWS = [runs, artifacts, models, autolog, grid_search, datasets, shared]

if __name__ == "__main__":
    for flow in FLOWS:
        if flow.__name__ in sys.argv[1:]:
            flow()
            print(flow.__name__, "passed")
