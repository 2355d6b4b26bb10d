#!/bin/bash
# What the accelerator's Azure DevOps pipelines do with az, in their order: group and workspace from `az configure`, paths
# below the working folder, what exists left alone. Expects `az` on PATH, and GROUP, WORKSPACE, ENDPOINT.
az version
az configure --defaults group=$GROUP workspace=$WORKSPACE
echo "subscription=$(az account show -o tsv --query id | tr -d '"\r')"

az ml environment create --name ride-train-env --file mlops/azureml/train/train-env.yml
for cluster in cpu-cluster spare-cluster; do
  compute_name=$(az ml compute show -n $cluster --query name -o tsv)
  if [[ -z "$compute_name" ]]; then
    echo "compute=$cluster created"
    az ml compute create --name $cluster --type amlcompute --size Standard_D4s_v5 --min-instances 0 --max-instances 4 \
      --tier low_priority
  else
    echo "compute=$cluster exists"
  fi
done
az ml data create --file mlops/azureml/train/data.yml --name ride-data --type uri_file

run_id=$(az ml job create -f mlops/azureml/train/pipeline.yml \
  --set experiment_name=dev_ride_minutes_main \
  --set inputs.enable_monitoring=false \
  display_name=dev_ride_minutes_run_17 --query name -o tsv)
az ml job show -n $run_id --web
az ml job stream -n $run_id || exit 3
echo "pipeline=$run_id $(az ml job show -n $run_id --query status -o tsv)"
echo "names=$(az ml job show -n $run_id --query "[display_name, experiment_name]" -o tsv | paste -sd ' ')"

exists=$(az ml online-endpoint list -o tsv --query "[?name=='$ENDPOINT'][name]" | wc -l)
if [[ exists -ne 1 ]]; then
  az ml online-endpoint create --name $ENDPOINT -f mlops/azureml/deploy/online/online-endpoint.yml
else
  echo "endpoint=exists"
fi
az ml online-deployment create --name ride-online-dp --endpoint $ENDPOINT \
  -f mlops/azureml/deploy/online/online-deployment.yml
az ml online-endpoint update --name $ENDPOINT --traffic "ride-online-dp=100"
RESPONSE=$(az ml online-endpoint invoke -n $ENDPOINT --deployment-name ride-online-dp --request-file data/ride-table.json)
echo "scored=$RESPONSE"

az ml compute create --name batch-cluster --type AmlCompute --size Standard_D4s_v5 --min-instances 0 --max-instances 5
az ml batch-endpoint create --name ride-minutes-batch -f mlops/azureml/deploy/batch/batch-endpoint.yml
az ml batch-deployment create --name batch-dp --endpoint ride-minutes-batch \
  -f mlops/azureml/deploy/batch/batch-deployment.yml --set-default
job_name=$(az ml batch-endpoint invoke --name ride-minutes-batch --deployment-name batch-dp \
  --input data/rides.csv --input-type uri_file --query name -o tsv)
az ml job show -n $job_name --web
az ml job stream -n $job_name
echo "bulk=$job_name $(az ml job show -n $job_name --query status -o tsv)"
