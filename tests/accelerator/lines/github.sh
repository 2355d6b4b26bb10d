#!/bin/bash
# What the accelerator's GitHub workflows do with az, in their order: full paths, group and workspace on every line.
# Expects `az` on PATH, and GROUP, WORKSPACE, ENDPOINT; runs in the project's folder.
set -e
root=$PWD
in_workspace="--resource-group $GROUP --workspace-name $WORKSPACE"

az extension add -n ml -y
az extension update -n ml
az extension list
az ml model list $in_workspace

az ml environment create --file $root/mlops/azureml/train/train-env.yml $in_workspace \
  --conda-file $root/data-science/environment/train-conda.yml
az ml data create --file $root/mlops/azureml/train/data.yml $in_workspace --name ride-data
az ml compute create --name cpu-cluster --type AmlCompute --tier low_priority --size Standard_D4s_v5 \
  --min-instances 0 --max-instances 4 $in_workspace

run_id=$(az ml job create --file $root/mlops/azureml/train/pipeline.yml $in_workspace --query name -o tsv)
[[ -n "$run_id" ]]
az ml job show -n $run_id $in_workspace --web
status=$(az ml job show -n $run_id $in_workspace --query status -o tsv)
running=("NotStarted" "Queued" "Starting" "Preparing" "Running" "Finalizing" "CancelRequested")
while [[ ${running[*]} =~ $status ]]; do
  sleep 1
  status=$(az ml job show -n $run_id $in_workspace --query status -o tsv)
done
echo "pipeline=$run_id $status"
[[ "$status" == "Completed" ]]

az ml online-endpoint create --name $ENDPOINT -f $root/mlops/azureml/deploy/online/online-endpoint.yml $in_workspace
az ml online-deployment create --name ride-online-dp --endpoint $ENDPOINT \
  -f $root/mlops/azureml/deploy/online/online-deployment.yml $in_workspace
az ml online-endpoint update --name $ENDPOINT --traffic "ride-online-dp=100" $in_workspace
echo "scored=$(az ml online-endpoint invoke -n $ENDPOINT --request-file data/ride-request.json $in_workspace)"
