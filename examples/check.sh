#!/usr/bin/env bash
# Any pipeline: plan, check, and apply only what was checked.
set -euo pipefail

terraform plan -input=false -out=tfplan
tfcheck plan . --plan tfplan --strict --format text --format html=tfcheck.html
terraform apply -input=false tfplan
