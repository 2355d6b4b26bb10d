"""Azure's Python SDK against a server, by environment variables alone (what `twinloop trust` prints)."""

import os
import tempfile
import unittest
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")

from azure.ai.ml import MLClient
from azure.ai.ml.entities import AmlCompute, Data, Environment
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
        self.assertEqual(names, {"workspaceblobstore", "workspaceartifactstore"})
