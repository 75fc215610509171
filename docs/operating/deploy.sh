#!/bin/sh
# Makes pools, deployments and the automation on the server PREFECT_API_URL names. May be repeated.
# Started from the checkout, on a machine whose path to it is the same as on the workers.
set -eu
cd "$(dirname "$0")/../.."
prefect work-pool create ajar --type process --overwrite
prefect work-pool create ajar-readers --type process --overwrite
prefect --no-prompt deploy --prefect-file prefect.yaml \
  --name 'raise-alerts/*' --name 'report-trends/*' --name 'tidy-up/*' \
  --name 'reclassify-articles/*' --name 'backfill-archive/*'
prefect --no-prompt deploy --all --prefect-file docs/operating/many-machines.yaml
python -m flows.prefect_setup
