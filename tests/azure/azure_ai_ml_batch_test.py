"""Batch endpoints by azure-ai-ml, unmodified: made, invoked, followed, downloaded. Run by azure-ai-ml-batch.test.ts."""

import os
import pathlib
import tempfile
import textwrap
import unittest

from azure.ai.ml import Input, MLClient, Output, load_component
from azure.ai.ml.constants import AssetTypes, BatchDeploymentOutputAction
from azure.ai.ml.entities import (
    BatchEndpoint,
    BatchRetrySettings,
    CodeConfiguration,
    Data,
    Model,
    ModelBatchDeployment,
    ModelBatchDeploymentSettings,
    PipelineComponentBatchDeployment,
)
from azure.core.exceptions import HttpResponseError
from azure.identity import EnvironmentCredential

ENVIRONMENT = os.environ["TEST_ENVIRONMENT"]
SCRIPT = """
    import os
    def init():
        global factor
        factor = int(open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model", "factor.txt")).read())
    def run(mini_batch):
        assert isinstance(mini_batch, list) and len(mini_batch) <= 2, mini_batch
        return ["%s %d" % (os.path.basename(path), factor * int(open(path).read())) for path in mini_batch]
"""
PIPELINE = """
    name: doubling
    version: "1"
    type: pipeline
    inputs:
      rows: { type: uri_folder }
      note: { type: string, default: none }
    outputs:
      final: { type: uri_folder }
    jobs:
      list:
        command: (ls ${{inputs.rows}}; echo ${{inputs.note}}) > ${{outputs.o}}/list.txt
        environment: ENVIRONMENT
        inputs: { rows: "${{parent.inputs.rows}}", note: "${{parent.inputs.note}}" }
        outputs: { o: "${{parent.outputs.final}}" }
"""


class Batch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scope = (os.environ[n] for n in ("AZURE_SUBSCRIPTION_ID", "TEST_RESOURCE_GROUP", "TEST_WORKSPACE"))
        cls.ml = MLClient(EnvironmentCredential(), *scope)
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        for folder in ("code", "model", "data"):
            (cls.folder / folder).mkdir()
        (cls.folder / "code" / "score.py").write_text(textwrap.dedent(SCRIPT))
        (cls.folder / "model" / "factor.txt").write_text("3")
        for number in range(5):
            (cls.folder / "data" / ("%d.txt" % number)).write_text(str(number))
        cls.ml.batch_endpoints.begin_create_or_update(BatchEndpoint(name="sdk-batch", tags={"a": "b"})).result()
        deployment = ModelBatchDeployment(
            name="blue",
            endpoint_name="sdk-batch",
            model=Model(path=str(cls.folder / "model"), type=AssetTypes.CUSTOM_MODEL, name="factor"),
            code_configuration=CodeConfiguration(code=str(cls.folder / "code"), scoring_script="score.py"),
            environment=ENVIRONMENT,
            settings=ModelBatchDeploymentSettings(
                mini_batch_size=2,
                max_concurrency_per_instance=2,
                output_action=BatchDeploymentOutputAction.APPEND_ROW,
                output_file_name="predictions.csv",
                retry_settings=BatchRetrySettings(max_retries=1, timeout=60),
                logging_level="info",
            ),
        )
        cls.ml.batch_deployments.begin_create_or_update(deployment).result()
        endpoint = cls.ml.batch_endpoints.get("sdk-batch")
        endpoint.defaults.deployment_name = "blue"
        cls.ml.batch_endpoints.begin_create_or_update(endpoint).result()

    def predictions(self, job, file="predictions.csv"):
        self.ml.jobs.stream(job.name)
        self.assertEqual(self.ml.jobs.get(job.name).status, "Completed")
        target = self.folder / job.name
        self.ml.jobs.download(job.name, download_path=str(target), output_name="score")
        return (target / "named-outputs" / "score" / file).read_text()

    def test_a_folder_is_scored_by_the_default_deployment(self):
        endpoint = self.ml.batch_endpoints.get("sdk-batch")
        self.assertEqual(endpoint.defaults.deployment_name, "blue")
        self.assertTrue(endpoint.scoring_uri.endswith("/jobs"))
        deployment = self.ml.batch_deployments.get("blue", "sdk-batch")
        self.assertEqual(deployment.mini_batch_size, 2)
        self.assertEqual(deployment.retry_settings.timeout, 60)
        job = self.ml.batch_endpoints.invoke(
            endpoint_name="sdk-batch", input=Input(path=str(self.folder / "data"), type=AssetTypes.URI_FOLDER)
        )
        self.assertEqual(self.predictions(job), "".join("%d.txt %d\n" % (n, 3 * n) for n in range(5)))
        listed = [each.name for each in self.ml.batch_endpoints.list_jobs("sdk-batch")]
        self.assertIn(job.name, listed)
        self.assertIn(job.name, [each.name for each in self.ml.batch_deployments.list_jobs("sdk-batch", name="blue")])

    def test_an_asset_is_scored_with_settings_and_a_place_of_its_own(self):
        data = Data(name="rows", version="1", path=str(self.folder / "data" / "4.txt"), type=AssetTypes.URI_FILE)
        self.ml.data.create_or_update(data)
        place = "azureml://datastores/workspaceblobstore/paths/sdk/out.csv"
        job = self.ml.batch_endpoints.invoke(
            endpoint_name="sdk-batch",
            deployment_name="blue",
            inputs={"rows": Input(path="azureml:rows@latest", type=AssetTypes.URI_FILE)},
            outputs={"score": Output(type=AssetTypes.URI_FILE, path=place)},
        )
        self.assertEqual(self.predictions(job, "out.csv"), "4.txt 12\n")

    def test_a_pipeline_is_scored_with(self):
        (self.folder / "pipeline.yml").write_text(textwrap.dedent(PIPELINE).replace("ENVIRONMENT", ENVIRONMENT))
        component = load_component(self.folder / "pipeline.yml")
        deployment = PipelineComponentBatchDeployment(name="steps", endpoint_name="sdk-batch", component=component)
        self.ml.batch_deployments.begin_create_or_update(deployment).result()
        job = self.ml.batch_endpoints.invoke(
            endpoint_name="sdk-batch",
            deployment_name="steps",
            inputs={"rows": Input(path=str(self.folder / "data"), type=AssetTypes.URI_FOLDER), "note": Input(type="string", default="hello")},
        )
        self.ml.jobs.stream(job.name)
        self.ml.jobs.download(job.name, download_path=str(self.folder / "piped"), output_name="final")
        text = (self.folder / "piped" / "named-outputs" / "final" / "list.txt").read_text()
        self.assertEqual(text.split(), ["%d.txt" % n for n in range(5)] + ["hello"])
        self.ml.batch_deployments.begin_delete("steps", "sdk-batch").result()

    def test_mistakes_are_told(self):
        with self.assertRaises(Exception) as told:
            self.ml.batch_endpoints.invoke(
                endpoint_name="sdk-batch",
                deployment_name="blew",
                input=Input(path="azureml:rows:17", type=AssetTypes.URI_FILE),
            )
        self.assertRegex(str(told.exception), "blew|rows")
        with self.assertRaises(HttpResponseError) as told:
            self.ml.batch_deployments.begin_delete("blue", "sdk-batch").result()
        self.assertIn("is the default", str(told.exception))


if __name__ == "__main__":
    unittest.main()
