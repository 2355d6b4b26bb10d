"""Monitors by azure-ai-ml, unmodified: every kind of signal that it can make. Run by azure-ai-ml-monitor.test.ts."""

import os
import pathlib
import tempfile
import textwrap
import unittest

from azure.ai.ml import Input, MLClient
from azure.ai.ml.constants import MonitorDatasetContext
from azure.ai.ml.entities import (
    AlertNotification,
    BaselineDataRange,
    CodeConfiguration,
    CommandComponent,
    CustomMonitoringMetricThreshold,
    CustomMonitoringSignal,
    CronTrigger,
    Data,
    DataCollector,
    DataDriftMetricThreshold,
    DataDriftSignal,
    DataQualityMetricsCategorical,
    DataQualityMetricsNumerical,
    DataQualityMetricThreshold,
    DataQualitySignal,
    DeploymentCollection,
    FADProductionData,
    FeatureAttributionDriftMetricThreshold,
    FeatureAttributionDriftSignal,
    ManagedOnlineDeployment,
    ManagedOnlineEndpoint,
    Model,
    ModelPerformanceClassificationThresholds,
    ModelPerformanceMetricThreshold,
    ModelPerformanceSignal,
    MonitorDefinition,
    MonitorFeatureFilter,
    MonitoringTarget,
    MonitorSchedule,
    NumericalDriftMetrics,
    CategoricalDriftMetrics,
    PredictionDriftMetricThreshold,
    PredictionDriftSignal,
    ProductionData,
    RecurrenceTrigger,
    ReferenceData,
    ServerlessSparkCompute,
)
from azure.ai.ml.entities._load_functions import load_schedule
from azure.core.exceptions import HttpResponseError
from azure.identity import EnvironmentCredential

ENVIRONMENT = os.environ["TEST_ENVIRONMENT"]
SCRIPT = """
    import json
    def init():
        pass
    def run(body):
        return [0 for row in json.loads(body)["input_data"]]
"""
CSV = "distance,carrier,late\n" + "".join("%d,%s,%d\n" % (n, "AUD"[n % 3], n % 2) for n in range(60))
YAML = """
    $schema: http://azureml/sdk-2-0/Schedule.json
    name: from-yaml
    trigger: {type: recurrence, frequency: day, interval: 1, schedule: {hours: 3, minutes: 15}}
    create_monitor:
      compute: {instance_type: standard_e4s_v3, runtime_version: "3.4"}
      monitoring_target: {ml_task: classification, endpoint_deployment_id: "azureml:flights:blue"}
      monitoring_signals:
        drift:
          type: data_drift
          reference_data:
            input_data: {path: "azureml:flights-train:1", type: mltable}
            data_context: training
            data_column_names: {target_column: late}
          features: {top_n_feature_importance: 2}
          metric_thresholds:
            numerical: {jensen_shannon_distance: 0.01}
            categorical: {pearsons_chi_squared_test: 0.02}
      alert_notification: {emails: [ana@example.org, bo@example.org]}
"""


class Monitors(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        scope = (os.environ[n] for n in ("AZURE_SUBSCRIPTION_ID", "TEST_RESOURCE_GROUP", "TEST_WORKSPACE"))
        cls.ml = ml = MLClient(EnvironmentCredential(), *scope)
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = folder = pathlib.Path(temporary.name)
        (folder / "score.py").write_text(textwrap.dedent(SCRIPT))
        (folder / "model.txt").write_text("a model")
        (folder / "train").mkdir()
        (folder / "train" / "rows.csv").write_text(CSV)
        (folder / "train" / "MLTable").write_text(
            "paths: [{file: ./rows.csv}]\ntransformations:\n  - read_delimited: {delimiter: ','}\n"
        )
        ml.data.create_or_update(Data(name="flights-train", version="1", path=str(folder / "train"), type="mltable"))
        ml.components.create_or_update(
            CommandComponent(
                name="freshness",
                version="1",
                command="echo ${{inputs.production_data}} > ${{outputs.signal_metrics}}/note",
                environment=ENVIRONMENT,
                inputs={"production_data": Input(type="uri_folder")},
                outputs={"signal_metrics": {"type": "mltable"}},
            )
        )
        ml.online_endpoints.begin_create_or_update(ManagedOnlineEndpoint(name="flights", auth_mode="key")).result()
        collections = {name: DeploymentCollection(enabled="true") for name in ("model_inputs", "model_outputs")}
        ml.online_deployments.begin_create_or_update(
            ManagedOnlineDeployment(
                name="blue",
                endpoint_name="flights",
                model=Model(path=str(folder / "model.txt"), type="custom_model", name="flights"),
                code_configuration=CodeConfiguration(code=str(folder), scoring_script="score.py"),
                environment=ENVIRONMENT,
                instance_type="Standard_DS3_v2",
                instance_count=1,
                data_collector=DataCollector(collections=collections),
            )
        ).result()

    def monitor(self, name, signals, target="azureml:flights:blue", trigger=None, alert=None):
        definition = MonitorDefinition(
            compute=ServerlessSparkCompute(instance_type="standard_e4s_v3", runtime_version="3.4"),
            monitoring_target=MonitoringTarget(ml_task="Classification", endpoint_deployment_id=target),
            monitoring_signals=signals,
            alert_notification=alert,
        )
        trigger = trigger or RecurrenceTrigger(frequency="week", interval=1, start_time="2100-01-01T00:00:00")
        schedule = MonitorSchedule(name=name, trigger=trigger, create_monitor=definition)
        return self.ml.schedules.begin_create_or_update(schedule).result()

    training = dict(
        input_data=Input(type="mltable", path="azureml:flights-train:1"),
        data_context=MonitorDatasetContext.TRAINING,
        data_column_names={"target_column": "late"},
    )

    def test_out_of_box_signals_watch_what_a_deployment_collects(self):
        made = self.monitor("out-of-box", None, alert="azmonitoring")
        signals = made.create_monitor.monitoring_signals
        self.assertEqual(
            sorted((name, signal.type.value) for name, signal in signals.items()),
            [
                ("data-drift-signal", "data_drift"),
                ("data-quality-signal", "data_quality"),
                ("prediction-drift-signal", "prediction_drift"),
            ],
        )
        drift = self.ml.schedules.get("out-of-box").create_monitor.monitoring_signals["data-drift-signal"]
        self.assertEqual(drift.features, "all_features")
        self.assertEqual(drift.production_data.data_window.lookback_window_size, "P7D")
        self.assertEqual(drift.reference_data.data_window.lookback_window_size, "P14D")
        self.assertEqual(drift.reference_data.data_window.lookback_window_offset, "P7D")
        self.assertEqual(drift.metric_thresholds.numerical.normalized_wasserstein_distance, 0.1)
        self.assertEqual(drift.metric_thresholds.categorical.jensen_shannon_distance, 0.1)
        self.assertEqual(made.create_monitor.alert_notification, "azmonitoring")

    def test_every_kind_of_signal_that_it_can_make(self):
        window = BaselineDataRange(lookback_window_size="P2D", lookback_window_offset="P1D")
        collected = lambda kind: Input(type="uri_folder", path="azureml:flights-blue-%s:1" % kind)
        signals = {
            "drift": DataDriftSignal(
                reference_data=ReferenceData(**self.training),
                features=MonitorFeatureFilter(top_n_feature_importance=2),
                feature_type_override={"distance": "categorical"},
                metric_thresholds=DataDriftMetricThreshold(
                    numerical=NumericalDriftMetrics(population_stability_index=0.2),
                    categorical=CategoricalDriftMetrics(pearsons_chi_squared_test=0.02),
                ),
                alert_enabled=True,
            ),
            "predictions": PredictionDriftSignal(
                production_data=ProductionData(
                    input_data=collected("model_outputs"),
                    data_context=MonitorDatasetContext.MODEL_OUTPUTS,
                    data_window=window,
                ),
                reference_data=ReferenceData(
                    input_data=collected("model_outputs"),
                    data_context=MonitorDatasetContext.MODEL_OUTPUTS,
                    data_window=BaselineDataRange(lookback_window_size="P30D", lookback_window_offset="P3D"),
                ),
                metric_thresholds=PredictionDriftMetricThreshold(
                    numerical=NumericalDriftMetrics(jensen_shannon_distance=0.3)
                ),
            ),
            "quality": DataQualitySignal(
                reference_data=ReferenceData(**self.training),
                features=["distance", "carrier"],
                metric_thresholds=DataQualityMetricThreshold(
                    numerical=DataQualityMetricsNumerical(null_value_rate=0.05, out_of_bounds_rate=0.1),
                    categorical=DataQualityMetricsCategorical(null_value_rate=0.03),
                ),
                alert_enabled=True,
                properties={"team": "risk"},
            ),
            "attribution": FeatureAttributionDriftSignal(
                production_data=[
                    FADProductionData(
                        input_data=collected("model_inputs"),
                        data_context=MonitorDatasetContext.MODEL_INPUTS,
                        data_window=window,
                    ),
                    FADProductionData(
                        input_data=collected("model_outputs"),
                        data_context=MonitorDatasetContext.MODEL_OUTPUTS,
                        data_window=window,
                        data_column_names={"prediction": "output"},
                    ),
                ],
                reference_data=ReferenceData(**self.training),
                metric_thresholds=FeatureAttributionDriftMetricThreshold(normalized_discounted_cumulative_gain=0.9),
                alert_enabled=True,
            ),
            "performance": ModelPerformanceSignal(
                production_data=ProductionData(
                    input_data=collected("model_outputs"),
                    data_context=MonitorDatasetContext.MODEL_OUTPUTS,
                    data_column_names={"prediction": "output", "target_column": "late"},
                ),
                reference_data=ReferenceData(**self.training),
                metric_thresholds=ModelPerformanceMetricThreshold(
                    classification=ModelPerformanceClassificationThresholds(accuracy=0.8, precision=0.7, recall=0.6)
                ),
                alert_enabled=True,
            ),
            "fresh": CustomMonitoringSignal(
                component_id="azureml:freshness:1",
                input_data={
                    "production_data": ReferenceData(
                        input_data=collected("model_inputs"),
                        data_context=MonitorDatasetContext.MODEL_INPUTS,
                        data_window=window,
                    )
                },
                metric_thresholds=[CustomMonitoringMetricThreshold(metric_name="age_hours", threshold=24)],
                alert_enabled=True,
            ),
        }
        wanted = os.environ.get("TEST_SIGNALS")
        if wanted:
            signals = {name: signal for name, signal in signals.items() if name in wanted.split(",")}
        alert = AlertNotification(emails=["ana@example.org"])
        self.monitor("every", signals, alert=alert)
        got = self.ml.schedules.get("every").create_monitor
        self.assertEqual(got.alert_notification.emails, ["ana@example.org"])
        of = got.monitoring_signals
        self.assertEqual(sorted(of), sorted(signals))
        if "drift" in of:
            self.assertEqual(of["drift"].features.top_n_feature_importance, 2)
            self.assertEqual(of["drift"].metric_thresholds.numerical.population_stability_index, 0.2)
            self.assertEqual(of["drift"].feature_type_override, {"distance": "categorical"})
            self.assertTrue(of["drift"].alert_enabled)
        if "predictions" in of:
            self.assertEqual(of["predictions"].production_data.data_window.lookback_window_offset, "P1D")
            self.assertEqual(of["predictions"].reference_data.data_window.lookback_window_size, "P30D")
            self.assertFalse(of["predictions"].alert_enabled)
        if "quality" in of:
            self.assertEqual(of["quality"].features, ["distance", "carrier"])
            self.assertEqual(of["quality"].properties, {"team": "risk"})
        if "attribution" in of:
            self.assertEqual([d.data_context for d in of["attribution"].production_data], ["model_inputs", "model_outputs"])
            threshold = of["attribution"].metric_thresholds.normalized_discounted_cumulative_gain
            self.assertEqual(threshold, 0.9)
        if "performance" in of:
            self.assertEqual(of["performance"].production_data.data_column_names["target_column"], "late")
        if "fresh" in of:
            self.assertEqual(of["fresh"].component_id, "azureml:freshness:1")
            self.assertEqual(of["fresh"].metric_thresholds[0].threshold, 24)
        # Off and on again: it is read and written back each time.
        self.assertFalse(self.ml.schedules.begin_disable("every").result()._is_enabled)
        self.assertNotIn("every", [each.name for each in self.ml.schedules.list()])
        self.assertTrue(self.ml.schedules.begin_enable("every").result()._is_enabled)
        again = self.ml.schedules.get("every").create_monitor.monitoring_signals
        self.assertEqual(sorted(again), sorted(signals))
        if "predictions" in again:
            self.assertEqual(again["predictions"].reference_data.data_window.lookback_window_size, "P30D")
        self.assertTrue(self.ml.schedules.trigger("every").job_name.startswith("every-"))

    def test_yaml_as_az_ml_reads_it(self):
        file = self.folder / "monitor.yml"
        file.write_text(textwrap.dedent(YAML))
        made = self.ml.schedules.begin_create_or_update(load_schedule(str(file))).result()
        drift = made.create_monitor.monitoring_signals["drift"]
        self.assertEqual(drift.production_data.data_window.lookback_window_size, "P1D")
        self.assertEqual(made.create_monitor.alert_notification.emails, ["ana@example.org", "bo@example.org"])
        self.assertIn("from-yaml", [each.name for each in self.ml.schedules.list()])
        self.ml.schedules.begin_delete("from-yaml").wait()
        self.assertNotIn("from-yaml", [each.name for each in self.ml.schedules.list(list_view_type="All")])

    def test_what_does_not_exist_is_refused(self):
        def refused(why, signals, **more):
            with self.assertRaisesRegex(HttpResponseError, why):
                self.monitor("refused", signals, **more)

        drift = lambda **more: {
            "drift": DataDriftSignal(
                reference_data=ReferenceData(**self.training), alert_enabled=True, **more
            )
        }
        refused("There is no column 'huor'|no column 'huor'", drift(features=["huor"]))
        self.monitor("refused", drift(features=["distance"]), trigger=CronTrigger(expression="0 6 * * *"))
        self.ml.schedules.begin_delete("refused").wait()
        with self.assertRaises(HttpResponseError):
            self.ml.schedules.get("refused")


if __name__ == "__main__":
    unittest.main()
