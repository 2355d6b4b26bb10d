"""What azure-mgmt-monitor, unmodified, reads of a server's measurements, as one JSON object."""

import json
import os
import time

from azure.core.exceptions import HttpResponseError
from azure.identity import EnvironmentCredential
from azure.mgmt.monitor import MonitorManagementClient

subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
workspace = os.environ["TEST_WORKSPACE"]
installation = f"/subscriptions/{subscription}"
client = MonitorManagementClient(
    EnvironmentCredential(),
    subscription,
    base_url=os.environ["TEST_SERVER"],
    credential_scopes=["https://management.azure.com/.default"],
)


def names(resource):
    return [one.name.value for one in client.metric_definitions.list(resource)]


deadline = time.monotonic() + 30
while "twinloop_jobs_active" not in names(workspace) and time.monotonic() < deadline:
    time.sleep(0.2)

jobs = client.metrics.list(
    workspace, metricnames="twinloop_jobs_active", aggregation="Maximum", interval="PT1M", filter="state eq '*'"
)
memory = client.metrics.list(installation, metricnames="system_memory_utilization_ratio", aggregation="Average")
try:
    client.metrics.list(workspace, metricnames="twinloop_job_active")
    refused = "nothing"
except HttpResponseError as error:
    refused = error.message

print(
    json.dumps(
        {
            "workspace": names(workspace),
            "installation": names(installation),
            "jobs": {
                line.metadatavalues[0].value: line.data[-1].maximum for line in jobs.value[0].timeseries
            },
            "memory": memory.value[0].timeseries[0].data[-1].average,
            "refused": refused,
        }
    )
)
