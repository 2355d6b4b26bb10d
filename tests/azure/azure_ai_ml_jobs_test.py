"""Jobs by azure-ai-ml, unmodified: submitted, followed, downloaded, cancelled. Run by azure-ai-ml-jobs.test.ts."""

import contextlib
import io
import os
import pathlib
import sqlite3
import tempfile
import textwrap
import time
import unittest

from azure.ai.ml import Input, MLClient, Output, command, load_job
from azure.ai.ml.constants import TimeZone
from azure.ai.ml.data_transfer import Database, FileSystem
from azure.ai.ml.entities import (
    CronTrigger,
    Data,
    DataImport,
    ImportDataSchedule,
    JobSchedule,
    RecurrencePattern,
    RecurrenceTrigger,
    WorkspaceConnection,
)
from azure.ai.ml.exceptions import JobException
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import EnvironmentCredential

ENVIRONMENT = os.environ["TEST_ENVIRONMENT"]
SCRIPT = """
    import os, sys
    print("hello", os.environ["AZUREML_RUN_ID"])
    os.makedirs("outputs", exist_ok=True)
    open("outputs/x.txt", "w").write("x")
    open(sys.argv[2] + "/r.txt", "w").write(open(sys.argv[1]).read() * 2)
"""
PIPELINE = """
    type: pipeline
    experiment_name: sdk
    inputs:
      raw: { type: uri_file, path: ./in.txt }
      n: 3
    outputs:
      final: { type: uri_folder }
    settings:
      default_compute: azureml:serverless
      continue_on_step_failure: false
    jobs:
      prep:
        code: ./src
        command: python a.py ${{inputs.f}} ${{outputs.o}}
        environment: ENVIRONMENT
        inputs:
          f: { path: "${{parent.inputs.raw}}", mode: download }
        outputs: { o: }
        limits: { timeout: 100 }
      use:
        command: cat ${{inputs.d}}/r.txt > ${{outputs.o}}/z; echo ${{inputs.n}} >> ${{outputs.o}}/z
        environment: ENVIRONMENT
        inputs:
          d: ${{parent.jobs.prep.outputs.o}}
          n: ${{parent.inputs.n}}
        outputs:
          o: ${{parent.outputs.final}}
"""


class Jobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scope = (os.environ[n] for n in ("AZURE_SUBSCRIPTION_ID", "TEST_RESOURCE_GROUP", "TEST_WORKSPACE"))
        cls.client = MLClient(EnvironmentCredential(disable_instance_discovery=True), *scope)
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        (cls.folder / "table.csv").write_text("id\n1\n")
        (cls.folder / "src").mkdir()
        (cls.folder / "src" / "a.py").write_text(textwrap.dedent(SCRIPT))
        (cls.folder / "in.txt").write_text("data\n")

    def submit(self, line, **more):
        return self.client.jobs.create_or_update(command(command=line, environment=ENVIRONMENT, experiment_name="sdk", **more))

    def stream(self, job):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            self.client.jobs.stream(job.name)
        return said.getvalue()

    def downloaded(self, job, **which):
        folder = self.folder / job.name
        with contextlib.redirect_stdout(io.StringIO()):
            self.client.jobs.download(job.name, download_path=str(folder), **which)
        return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}

    def test_a_command_is_followed_and_downloaded(self):
        job = self.submit(
            "python a.py ${{inputs.f}} ${{outputs.o}}",
            code=str(self.folder / "src"),
            inputs={"f": Input(type="uri_file", path=str(self.folder / "in.txt"))},
            outputs={"o": Output(type="uri_folder")},
        )
        self.assertIn("hello " + job.name, self.stream(job))
        self.assertEqual(self.client.jobs.get(job.name).status, "Completed")
        files = self.downloaded(job, all=True)
        self.assertEqual(files["named-outputs/o/r.txt"], "data\ndata\n")
        self.assertEqual(files["artifacts/outputs/x.txt"], "x")
        self.assertEqual(files["artifacts/user_logs/std_log.txt"], "hello %s\n" % job.name)

    def test_a_pipeline_is_followed_and_downloaded(self):
        (self.folder / "pipeline.yml").write_text(textwrap.dedent(PIPELINE).replace("ENVIRONMENT", ENVIRONMENT))
        job = self.client.jobs.create_or_update(load_job(str(self.folder / "pipeline.yml")))
        self.assertIn("Completing step 'use'", self.stream(job))
        steps = {step.name for step in self.client.jobs.list(parent_job_name=job.name)}
        self.assertEqual(steps, {job.name + "_prep", job.name + "_use"})
        self.assertTrue(steps.isdisjoint(j.name for j in self.client.jobs.list()))
        self.assertEqual(self.downloaded(job, output_name="final"), {"named-outputs/final/z": "data\ndata\n3\n"})

    def test_a_failure_is_told_with_its_reason(self):
        job = self.submit("echo no such column; exit 4")
        with self.assertRaisesRegex(JobException, "exit code 4.*no such column"):
            self.stream(job)

    def test_a_job_is_cancelled_archived_and_restored(self):
        job = self.submit("sleep 600")
        self.client.jobs.begin_cancel(job.name).result()
        self.assertEqual(self.client.jobs.get(job.name).status, "Canceled")
        self.client.jobs.archive(job.name)
        self.assertNotIn(job.name, [j.name for j in self.client.jobs.list()])
        self.client.jobs.restore(job.name)
        self.assertIn(job.name, [j.name for j in self.client.jobs.list()])

    def test_a_pipeline_is_scheduled_turned_off_and_triggered(self):
        (self.folder / "pipeline.yml").write_text(textwrap.dedent(PIPELINE).replace("ENVIRONMENT", ENVIRONMENT))
        trigger = RecurrenceTrigger(
            frequency="day",
            interval=1,
            schedule=RecurrencePattern(hours=10, minutes=[15, 45]),
            start_time="2100-01-01T00:00:00",
            time_zone=TimeZone.PACIFIC_STANDARD_TIME,
        )
        job = load_job(str(self.folder / "pipeline.yml"))
        made = self.client.schedules.begin_create_or_update(
            JobSchedule(name="nightly", trigger=trigger, create_job=job, display_name="Every night")
        ).result()
        self.assertEqual((made.provisioning_state, made.is_enabled), ("Succeeded", True))
        self.assertEqual(made.trigger.schedule.minutes, [15, 45])
        self.assertIn("nightly", [s.name for s in self.client.schedules.list()])
        triggered = self.client.schedules.trigger("nightly")
        self.assertTrue(triggered.job_name.startswith("nightly-"))
        self.stream(self.client.jobs.get(triggered.job_name))
        job = self.client.jobs.get(triggered.job_name)
        self.assertEqual((job.status, job.display_name), ("Completed", triggered.job_name))
        self.assertFalse(self.client.schedules.begin_disable("nightly").result().is_enabled)
        self.assertNotIn("nightly", [s.name for s in self.client.schedules.list()])
        self.assertTrue(self.client.schedules.begin_enable("nightly").result().is_enabled)
        again = JobSchedule(
            name="again",
            trigger=CronTrigger(expression="15 10 * * 1", start_time="2100-01-01T00:00:00"),
            create_job="azureml:" + self.client.jobs.get(triggered.job_name).id,
        )
        self.assertEqual(self.client.schedules.begin_create_or_update(again).result().trigger.expression, "15 10 * * 1")
        self.client.schedules.begin_delete("nightly").result()
        with self.assertRaisesRegex(ResourceNotFoundError, "nightly"):
            self.client.schedules.get("nightly")

    def test_data_is_imported_by_a_schedule(self):
        uri = "azureml://datastores/workspaceblobstore/paths/"
        self.client.data.create_or_update(
            Data(name="raw", version="1", type="uri_file", path=str(self.folder / "table.csv"))
        )
        landed = DataImport(
            name="landed",
            path=uri + "landed/${{name}}",
            source=FileSystem(path=self.client.data.get("raw", "1").path),
        )
        schedule = ImportDataSchedule(
            name="hourly", trigger=RecurrenceTrigger(frequency="hour", interval=1), import_data=landed
        )
        made = self.client.schedules.begin_create_or_update(schedule).result()
        self.assertEqual(made.import_data.name, "landed")
        deadline = time.monotonic() + 60
        while "landed" not in [d.name for d in self.client.data.list()] and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(self.client.data.get("landed", "1").type, "uri_folder")

    def test_data_is_imported_by_a_job(self):
        with contextlib.closing(sqlite3.connect(self.folder / "shop.db")) as database:
            database.executescript("create table sales (id integer, price real); insert into sales values (1, 0.5), (2, 1)")
        self.client.data.create_or_update(
            Data(name="shop-db", version="1", type="uri_file", path=str(self.folder / "shop.db"))
        )
        self.client.connections.create_or_update(
            WorkspaceConnection(name="shop", type="sqlite", target="azureml:shop-db:1", credentials=None)
        )
        sold = DataImport(
            name="sold",
            path="azureml://datastores/workspaceblobstore/paths/sold",
            source=Database(connection="azureml:shop", query="select * from sales"),
        )
        job = self.client.data.import_data(sold)
        with contextlib.redirect_stdout(io.StringIO()):
            self.client.jobs.stream(job.name)
        made = self.client.data.get("sold", "1")
        self.assertEqual((made.type, made.properties["twinloop.import.rows"]), ("mltable", "2"))
        self.assertIn("sold/", made.path)
        [step] = self.client.jobs.list(parent_job_name=job.name)
        self.assertEqual((step.display_name, step.status), ("data_import_sold", "Completed"))

        wrong = DataImport(
            name="wrong", path=sold.path, source=Database(connection="azureml:shop", query="select * from nowhere")
        )
        job = self.client.data.import_data(wrong)
        with self.assertRaisesRegex(JobException, "no such table: nowhere"), contextlib.redirect_stdout(io.StringIO()):
            self.client.jobs.stream(job.name)
        wrong.source = Database(connection="azureml:shap", query="select 1")
        with self.assertRaisesRegex(HttpResponseError, "shap"):
            self.client.data.import_data(wrong)


if __name__ == "__main__":
    unittest.main()
