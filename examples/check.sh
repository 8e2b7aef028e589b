#!/usr/bin/env bash
# Any pipeline: plan, check, and apply only what was checked.
#
# For a proposal, set TFCHECK_BASE to what it is to be merged into, such as `origin/main`, fetched as
# a whole: then `.tfcheck.yaml`, the rule policy, the baseline and waivers are those of that commit.
# What this file cannot hold: a proposal that may change it, and providers that `plan` runs.
set -euo pipefail

terraform init -input=false
terraform plan -input=false -out=tfplan
tfcheck plan . --plan tfplan --strict --format text --format html=tfcheck.html
terraform apply -input=false tfplan
