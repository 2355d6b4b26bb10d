"""Registries by azure-ai-ml, unmodified: assets shared, uploaded, listed, and used in another workspace."""

import json
import os
import pathlib
import tempfile
import textwrap
import time
import unittest

from azure.ai.ml import Input, MLClient, command, dsl, load_component
from azure.ai.ml.entities import (
    CodeConfiguration,
    Data,
    Environment,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    Registry,
)
from azure.ai.ml.entities._registry.registry_support_classes import RegistryRegionDetails
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import EnvironmentCredential

SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
CURATED = os.environ["TEST_ENVIRONMENT"]


def workspace(name="dev"):
    return MLClient(EnvironmentCredential(), SUBSCRIPTION, "twinloop", name)


def registry():
    return MLClient(EnvironmentCredential(), registry_name="shelf")


def ended(ml, job):
    deadline = time.monotonic() + 60
    while (found := ml.jobs.get(job)).status not in ("Completed", "Failed", "Canceled"):
        if time.monotonic() > deadline:
            raise TimeoutError(found.status)
        time.sleep(0.2)
    return found


class Registries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        details = [RegistryRegionDetails(location="local")]
        wanted = Registry(name="shelf", location="local", replication_locations=details, tags={"team": "ml"})
        cls.made = workspace().registries.begin_create(wanted).result()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
        return file

    def test_1_are_made_shown_and_listed(self):
        self.assertEqual(self.made.name, "shelf")
        found = workspace().registries.get("shelf")
        self.assertEqual((found.location, found.tags), ("local", {"team": "ml"}))
        self.assertIn("shelf", [r.name for r in workspace().registries.list()])

    def test_2_a_model_is_shared_listed_and_downloaded(self):
        self.write("model/weights.txt", "w1")
        ml, shelf = workspace(), registry()
        ml.models.create_or_update(Model(name="fare", version="3", path=self.folder / "model", type="custom_model"))
        made = ml.models.share("fare", "3", share_with_name="taxi-fare", share_with_version="1", registry_name="shelf")
        self.assertEqual((made.name, made.version), ("taxi-fare", "1"))
        self.assertIn("taxi-fare", [m.name for m in shelf.models.list()])
        self.assertEqual([m.version for m in shelf.models.list("taxi-fare")], ["1"])
        self.assertEqual(shelf.models.get("taxi-fare", label="latest").version, "1")
        shelf.models.download("taxi-fare", "1", download_path=self.folder / "down")
        self.assertEqual((self.folder / "down/taxi-fare/model/weights.txt").read_text(), "w1")
        with self.assertRaisesRegex(Exception, "already exists in registry"):
            ml.models.share("fare", "3", share_with_name="taxi-fare", share_with_version="1", registry_name="shelf")

    def test_3_assets_are_uploaded_to_a_registry(self):
        shelf = registry()
        self.write("up/weights.txt", "w2")
        made = shelf.models.create_or_update(Model(name="uploaded", version="1", path=self.folder / "up"))
        self.assertEqual((made.name, made.version), ("uploaded", "1"))
        shelf.models.archive("uploaded", version="1")
        self.assertEqual([m.version for m in shelf.models.list("uploaded")], [])
        shelf.models.restore("uploaded", version="1")
        self.assertEqual([m.version for m in shelf.models.list("uploaded")], ["1"])
        conda = self.write("conda.yml", "dependencies: [python=3.11, {pip: []}]")
        environment = Environment(name="bare", version="1", image="python:3.11", conda_file=conda)
        self.assertEqual(shelf.environments.create_or_update(environment).name, "bare")
        self.write("numbers/n.txt", "42")
        data = Data(name="numbers", version="1", path=str(self.folder / "numbers"), type="uri_folder")
        self.assertEqual(shelf.data.create_or_update(data).version, "1")
        self.assertEqual(shelf.data.get("numbers", "1").type, "uri_folder")

    def test_4_what_is_shared_is_used_in_another_workspace(self):
        shelf = registry()
        self.write("src/say.py", 'import sys; print("says", open(sys.argv[1] + "/n.txt").read())')
        spec = f"""
            name: say
            version: 1
            type: command
            code: ./src
            command: python say.py ${{{{inputs.data}}}}
            environment: {CURATED}
            inputs:
              data: {{ type: uri_folder }}
        """
        component = load_component(self.write("say.yml", spec))
        self.assertEqual(shelf.components.create_or_update(component).name, "say")
        self.assertEqual([c.version for c in shelf.components.list(name="say")], ["1"])
        prod = workspace("prod")
        shared = shelf.components.get("say", "1")

        @dsl.pipeline()
        def use(data):
            shared(data=data)

        job = use(data=Input(type="uri_folder", path="azureml://registries/shelf/data/numbers/versions/1"))
        job.settings.default_compute = "serverless"
        done = ended(prod, prod.jobs.create_or_update(job).name)
        self.assertEqual(done.status, "Completed")
        inline = command(
            command="cat ${{inputs.m}}/weights.txt",
            environment=CURATED,
            inputs={"m": Input(type="custom_model", path="azureml://registries/shelf/models/taxi-fare/labels/latest")},
            compute="serverless",
        )
        self.assertEqual(ended(prod, prod.jobs.create_or_update(inline).name).status, "Completed")

    def test_5_environments_and_data_are_shared(self):
        ml, shelf = workspace(), registry()
        conda = self.write("conda.yml", "dependencies: [python=3.11, {pip: []}]")
        ml.environments.create_or_update(Environment(name="mine", version="2", image="python:3.11", conda_file=conda))
        ml.environments.share("mine", "2", share_with_name="ours", share_with_version="1", registry_name="shelf")
        self.assertIn("python=3.11", str(shelf.environments.get("ours", "1").conda_file))
        self.write("d/x.csv", "a\n1\n")
        ml.data.create_or_update(Data(name="mine", version="1", path=str(self.folder / "d"), type="uri_folder"))
        made = ml.data.share("mine", "1", share_with_name="ours", share_with_version="7", registry_name="shelf")
        self.assertEqual((made.name, made.version), ("ours", "7"))

    def test_6_a_shared_model_is_deployed(self):
        prod = workspace("prod")
        script = '''
            import os
            def init():
                global model
                model = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model", "weights.txt")).read()
            def run(raw):
                return {"model": model}
        '''
        self.write("code/score.py", script)
        request = self.write("request.json", "{}")
        prod.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="fares", auth_mode="key")).result()
        deployment = ManagedOnlineDeployment(
            name="blue",
            endpoint_name="fares",
            model="azureml://registries/shelf/models/taxi-fare/versions/1",
            environment=CURATED,
            code_configuration=CodeConfiguration(code=str(self.folder / "code"), scoring_script="score.py"),
            instance_type="Standard_DS3_v2",
            instance_count=1,
        )
        made = prod.online_deployments.begin_create_or_update(deployment).result()
        self.assertIn("/registries/shelf/models/taxi-fare/versions/1", str(made.model))
        answer = prod.online_endpoints.invoke("fares", request_file=str(request), deployment_name="blue")
        self.assertEqual(json.loads(answer), {"model": "w1"})

    def test_7_what_is_not_there_is_told(self):
        with self.assertRaises(ResourceNotFoundError):
            registry().models.get("nothing", "1")
        with self.assertRaisesRegex(HttpResponseError, "no registry 'shelv' here. Did you mean 'shelf'"):
            MLClient(EnvironmentCredential(), registry_name="shelv")


if __name__ == "__main__":
    unittest.main()
