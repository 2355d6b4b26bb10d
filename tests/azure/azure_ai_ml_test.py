"""Azure's Python SDK against a server, by environment variables alone (what `twinloop trust` prints)."""

import contextlib
import io
import json
import os
import tempfile
import unittest
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

from azure.ai.ml import Input, MLClient, Output, command, dsl, load_component
from azure.ai.ml._artifacts import _artifact_utilities as artifact_utils
from azure.ai.ml.entities import (
    AccessKeyConfiguration,
    AmlCompute,
    CodeConfiguration,
    Data,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    PatTokenConfiguration,
    WorkspaceConnection,
)
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import ClientAuthenticationError, ResourceNotFoundError
from azure.identity import ClientSecretCredential, DefaultAzureCredential, EnvironmentCredential

SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
AUTHORITY = os.environ["AZURE_AUTHORITY_HOST"]
CLIENT = (os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"])
TENANT = "11111111-2222-3333-4444-555555555555"


def client(credential=None):
    return MLClient(credential or EnvironmentCredential(), SUBSCRIPTION, "twinloop", "dev")


class SignIn(unittest.TestCase):
    def test_default_credential_needs_no_change(self):
        self.assertEqual(client(DefaultAzureCredential()).workspaces.get("dev").name, "dev")

    def test_client_secret_credential(self):
        credential = ClientSecretCredential(TENANT, *CLIENT, authority=AUTHORITY, disable_instance_discovery=True)
        self.assertEqual(client(credential).workspaces.get("dev").location, "local")

    def test_wrong_secret_is_told_as_such(self):
        credential = ClientSecretCredential(
            TENANT, CLIENT[0], "guess", authority=AUTHORITY, disable_instance_discovery=True
        )
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS7000215"):
            client(credential).workspaces.get("dev")


class Administration(unittest.TestCase):
    def test_workspaces(self):
        workspace = client().workspaces.get("dev")
        self.assertTrue(workspace.discovery_url.startswith(AUTHORITY))
        self.assertIn("/mlflow/", workspace.mlflow_tracking_uri)
        self.assertEqual([w.name for w in client().workspaces.list()], ["dev"])

    def test_computes(self):
        ml = client()
        wanted = AmlCompute(
            name="cpu-cluster", size="STANDARD_DS3_V2", max_instances=4, idle_time_before_scale_down=120
        )
        made = ml.compute.begin_create_or_update(wanted).result()
        self.assertEqual(made.provisioning_state.lower(), "succeeded")
        found = ml.compute.get("cpu-cluster")
        self.assertEqual((found.max_instances, found.size), (4, "STANDARD_DS3_V2"))
        self.assertEqual([c.name for c in ml.compute.list()], ["cpu-cluster"])
        ml.compute.begin_delete("cpu-cluster").wait()
        with self.assertRaises(ResourceNotFoundError):
            ml.compute.get("cpu-cluster")


class DataAssets(unittest.TestCase):
    def setUp(self):
        self.ml = client()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_uploads_a_file_and_counts_versions_up(self):
        (self.folder / "one.csv").write_text("x\n1\n")
        for version in ("1", "2"):
            made = self.ml.data.create_or_update(
                Data(name="one", path=str(self.folder / "one.csv"), type="uri_file")
            )
            self.assertEqual(made.version, version)
        self.assertEqual(self.ml.data.get("one", label="latest").version, "2")
        self.ml.data.archive("one", version="1")
        self.assertEqual([v.version for v in self.ml.data.list(name="one")], ["2"])

    def test_uploads_a_folder_with_large_and_oddly_named_files(self):
        inner = self.folder / "tree" / "inner folder"
        inner.mkdir(parents=True)
        (inner / "ä b+c.csv").write_text("x\n1\n")
        (inner / "empty").write_bytes(b"")
        # Above 64 MiB the SDK uploads in blocks.
        (self.folder / "tree" / "large.bin").write_bytes(os.urandom(1024) * 66 * 1024)
        made = self.ml.data.create_or_update(
            Data(name="tree", version="v1", path=str(self.folder / "tree"), type="uri_folder", tags={"a": "b"})
        )
        self.assertIn("/datastores/workspaceblobstore/paths/LocalUpload/", made.path)
        self.assertEqual(self.ml.data.get("tree", version="v1").tags, {"a": "b"})

    def test_mltable(self):
        (self.folder / "MLTable").write_text("paths:\n  - file: ./a.csv\ntransformations: []\n")
        (self.folder / "a.csv").write_text("x\n1\n")
        made = self.ml.data.create_or_update(Data(name="table", path=str(self.folder), type="mltable"))
        self.assertEqual(self.ml.data.get("table", version=made.version).type, "mltable")

    def test_datastores(self):
        self.assertEqual(self.ml.datastores.get_default().name, "workspaceblobstore")
        names = {d.name for d in self.ml.datastores.list()}
        self.assertEqual(names, {"workspaceblobstore", "workspaceartifactstore", "nas"})

    def test_a_kind_of_datastore_that_azure_lacks(self):
        nas = self.ml.datastores.get("nas")
        self.assertEqual(nas.type, "AzureBlob")
        nas.description = "ours"
        self.assertEqual(self.ml.datastores.create_or_update(nas).description, "ours")
        (self.folder / "in").mkdir()
        (self.folder / "in" / "a.csv").write_text("x\n1\n")
        made = self.ml.data.create_or_update(
            Data(name="near", path=str(self.folder / "in"), type="uri_folder", datastore="nas")
        )
        self.assertIn("/datastores/nas/paths/LocalUpload/", made.path)
        self.assertEqual([f.read_text() for f in Path(os.environ["NAS"]).rglob("a.csv")], ["x\n1\n"])
        artifact_utils.download_artifact_from_aml_uri(made.path, str(self.folder / "out"), self.ml.datastores)
        self.assertEqual([f.read_text() for f in (self.folder / "out").rglob("a.csv")], ["x\n1\n"])

    def test_connections(self):
        made = self.ml.connections.create_or_update(
            WorkspaceConnection(
                name="bucket",
                type="s3",
                target="my-bucket",
                credentials=AccessKeyConfiguration(access_key_id="id", secret_access_key="geheim"),
                metadata={"region": "eu-central-1"},
            )
        )
        self.assertEqual((made.type, made.target, made.metadata), ("s3", "my-bucket", {"region": "eu-central-1"}))
        self.assertEqual(made.credentials.access_key_id, "id")
        self.assertIsNone(made.credentials.secret_access_key)
        self.ml.connections.create_or_update(
            WorkspaceConnection(
                name="repository", type="git", target="https://git/x", credentials=PatTokenConfiguration(pat="geheim")
            )
        )
        self.assertEqual({c.name for c in self.ml.connections.list()}, {"bucket", "repository"})
        self.assertEqual([c.name for c in self.ml.connections.list(connection_type="git")], ["repository"])
        self.ml.connections.delete("repository")
        with self.assertRaises(ResourceNotFoundError):
            self.ml.connections.get("repository")


STEP = """
import os, sys
source, target, times = sys.argv[1:4]
print(f"copying {times} times", flush=True)
with open(source) as file:
    text = file.read()
with open(os.path.join(target, "copied.txt"), "w") as file:
    file.write(text * int(times))
os.makedirs("outputs", exist_ok=True)
with open("outputs/kept.txt", "w") as file:
    file.write("kept")
"""

# No packages: an environment of the machine's own Python is there in a second.
ENVIRONMENT = "name: plain\nchannels: [conda-forge]\ndependencies:\n- python\n"

COMPONENT = """
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
name: copy
version: 1
type: command
inputs:
  source: {type: uri_file}
  times: {type: integer, default: 2}
outputs:
  target: {type: uri_folder}
code: ./src
environment: azureml:plain@latest
command: python step.py ${{inputs.source}} ${{outputs.target}} ${{inputs.times}}
"""


class Jobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ml = client()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        cls.source = cls.folder / "src"
        cls.source.mkdir()
        (cls.source / "step.py").write_text(STEP)
        (cls.folder / "in.txt").write_text("ab")
        (cls.folder / "conda.yml").write_text(ENVIRONMENT)
        (cls.folder / "copy.yml").write_text(COMPONENT)
        cls.ml.compute.begin_create_or_update(AmlCompute(name="cpu", size="S", max_instances=2)).wait()
        cls.ml.environments.create_or_update(
            Environment(name="plain", image="ubuntu:latest", conda_file=cls.folder / "conda.yml")
        )

    def command(self, line, **more):
        return command(code=str(self.source), command=line, environment="plain@latest", compute="cpu", **more)

    def follow(self, job):
        """Streams the job to its end and returns what was printed."""
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            self.ml.jobs.stream(job.name)
        return printed.getvalue()

    def read_download(self, job, name, **what):
        place = self.folder / job.name / name
        self.ml.jobs.download(job.name, download_path=str(place), **what)
        return {str(p.relative_to(place)): p.read_text() for p in place.rglob("*") if p.is_file()}

    def test_command_job(self):
        job = self.ml.jobs.create_or_update(
            self.command(
                "echo begun; sleep 5; python step.py ${{inputs.source}} ${{outputs.target}} ${{inputs.times}}",
                inputs={"source": Input(type="uri_file", path=str(self.folder / "in.txt")), "times": 3},
                outputs={"target": Output(type="uri_folder")},
                experiment_name="conformance",
                display_name="copy three times",
            )
        )
        printed = self.follow(job)
        self.assertIn(f"RunId: {job.name}", printed)
        self.assertIn("begun", printed, "the log is shown while the job runs")
        self.assertNotIn("<Error>", printed)
        found = self.ml.jobs.get(job.name)
        self.assertEqual((found.status, found.display_name), ("Completed", "copy three times"))
        files = self.read_download(job, "all", all=True)
        self.assertEqual(files["named-outputs/target/copied.txt"], "ababab")
        self.assertEqual(files["artifacts/outputs/kept.txt"], "kept")
        self.assertIn("copying 3 times", files["artifacts/user_logs/std_log.txt"])
        self.assertIn(job.name, [j.name for j in self.ml.jobs.list()])

        made = self.ml.models.create_or_update(
            Model(name="from-job", path=f"azureml://jobs/{job.name}/outputs/target", type="custom_model")
        )
        self.assertEqual(self.ml.models.get("from-job", label="latest").version, made.version)

    def test_failed_job_raises_with_its_reason(self):
        job = self.ml.jobs.create_or_update(self.command("echo before the end; exit 3"))
        with self.assertRaisesRegex(JobException, "exit code 3"):
            self.follow(job)
        self.assertEqual(self.ml.jobs.get(job.name).status, "Failed")

    def test_cancelled_and_archived_job(self):
        job = self.ml.jobs.create_or_update(self.command("sleep 600"))
        self.ml.jobs.begin_cancel(job.name).wait()
        self.follow(job)
        self.assertEqual(self.ml.jobs.get(job.name).status, "Canceled")
        self.ml.jobs.archive(job.name)
        self.assertNotIn(job.name, [j.name for j in self.ml.jobs.list()])

    def test_pipeline_job(self):
        copy = load_component(self.folder / "copy.yml")

        @dsl.pipeline(default_compute="cpu")
        def twice(source, times):
            first = copy(source=source, times=times)
            second = copy(source=Input(type="uri_file", path=str(self.folder / "in.txt")))
            return {"result": first.outputs.target, "other": second.outputs.target}

        source = Input(type="uri_file", path=str(self.folder / "in.txt"))
        job = self.ml.jobs.create_or_update(twice(source, 4), experiment_name="conformance")
        self.follow(job)
        self.assertEqual(self.ml.jobs.get(job.name).status, "Completed")
        children = {c.display_name: c.status for c in self.ml.jobs.list(parent_job_name=job.name)}
        self.assertEqual(children, {"first": "Completed", "second": "Completed"})
        files = self.read_download(job, "result", output_name="result")
        self.assertEqual(files, {"named-outputs/result/copied.txt": "abababab"})

    def test_registered_component(self):
        made = self.ml.components.create_or_update(load_component(self.folder / "copy.yml"))
        self.assertEqual((made.name, made.version), ("copy", "1"))
        self.assertIn("copy", [c.name for c in self.ml.components.list()])


class Models(unittest.TestCase):
    def test_upload_list_download_archive(self):
        ml = client()
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder) / "model"
            model.mkdir()
            (model / "weights.bin").write_bytes(b"w")
            for version in ("1", "2"):
                made = ml.models.create_or_update(Model(name="m", path=str(model), type="custom_model"))
                self.assertEqual(made.version, version)
            self.assertEqual({m.version for m in ml.models.list(name="m")}, {"1", "2"})
            ml.models.download("m", "1", download_path=folder + "/back")
            self.assertEqual((Path(folder) / "back/m/model/weights.bin").read_bytes(), b"w")
            ml.models.archive("m", "1")
            self.assertEqual([m.version for m in ml.models.list(name="m")], ["2"])


class OnlineEndpoints(unittest.TestCase):
    def test_deploys_and_scores(self):
        ml = client()
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "code").mkdir()
            (place / "code" / "score.py").write_text(
                "import json\ndef init():\n    pass\ndef run(raw):\n    return {'got': json.loads(raw)}\n"
            )
            (place / "conda.yml").write_text(ENVIRONMENT)
            (place / "request.json").write_text('{"x": 1}')
            (place / "weights.bin").write_bytes(b"w")
            ml.models.create_or_update(
                Model(name="served", version="1", path=str(place / "weights.bin"), type="custom_model")
            )
            ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="scores", auth_mode="key")).result()
            ml.online_deployments.begin_create_or_update(
                ManagedOnlineDeployment(
                    name="blue",
                    endpoint_name="scores",
                    model="azureml:served:1",
                    environment=Environment(image="ubuntu:latest", conda_file=str(place / "conda.yml")),
                    code_configuration=CodeConfiguration(code=str(place / "code"), scoring_script="score.py"),
                    instance_type="Standard_DS3_v2",
                    instance_count=1,
                )
            ).result()
            endpoint = ml.online_endpoints.get("scores")
            endpoint.traffic = {"blue": 100}
            self.assertEqual(ml.online_endpoints.begin_create_or_update(endpoint).result().traffic, {"blue": 100})
            for deployment in (None, "blue"):
                answer = ml.online_endpoints.invoke(
                    "scores", request_file=str(place / "request.json"), deployment_name=deployment
                )
                self.assertEqual(json.loads(answer), {"got": {"x": 1}})
            self.assertTrue(ml.online_endpoints.get_keys("scores").primary_key)
            self.assertEqual([d.name for d in ml.online_deployments.list("scores")], ["blue"])
            self.assertIn("ready", ml.online_deployments.get_logs("blue", "scores", lines=20).lower())
            ml.online_endpoints.begin_delete("scores").wait()
            self.assertEqual(list(ml.online_endpoints.list()), [])
