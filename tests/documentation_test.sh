#!/usr/bin/env bash
# Runs every command of the documentation: the lines of the ```sh blocks in README.md and docs/, in a folder that holds what
# they speak of: my.yaml, sales.csv, stock.csv, open.csv.
#   tests/documentation_test.sh RESTOCK_COMMAND REPOSITORY
set -euo pipefail
command=$(realpath "$1")
repository=$(realpath "$2")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin"
ln -s "$command" "$folder/bin/restock"
export PATH="$folder/bin:$PATH"
cd "$folder"
ln -s "$repository/configs" configs

# a user's own files: generated sales and the quickstart's network, with short training
restock generate configs/quickstart.yaml --out sales.csv
sed -e 's|^  generate:.*|  path: sales.csv\n  columns: {category: category, stockout_hours: stockout_hours, holiday: holiday}|' \
  -e 's|ppo: {}|ppo: {num_updates: 2}|' -e 's|dqn: {}|dqn: {num_updates: 2}|' \
  -e 's|train: 128, select: 64, test: 128|train: 64, select: 64, test: 64|' configs/quickstart.yaml >my.yaml
sed -i 's|^  model: lstm|  model: exponential_smoothing|' my.yaml
{
  echo "warehouse,sku,on_hand,backorders"
  tail -n +2 sales.csv | cut -d, -f2,3 | sort -u | sed 's/$/,10,0/'
} >stock.csv
echo "source,warehouse,sku,quantity,due_date" >open.csv

number=0
for page in "$repository/README.md" "$repository"/docs/*.md; do
  while IFS= read -r line; do
    [[ -n "$line" ]] || continue
    number=$((number + 1))
    if ! bash -c "$line" >output.txt 2>&1 </dev/null; then
      cat output.txt
      echo "FAILED: ${page#"$repository/"}: $line"
      exit 1
    fi
  done < <(awk '/^```sh$/ {inside = 1; next} /^```/ {inside = 0} inside' "$page")
done
((number > 0)) || { echo "no command found in the documentation"; exit 1; }
echo "$number commands of the documentation ran"
