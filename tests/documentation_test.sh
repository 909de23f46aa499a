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

# a user's own files; training is kept short
restock generate "$repository/configs/quickstart.yaml" data.generate.num_skus=4 --out generated.csv
sed '1s/demand/quantity/' generated.csv >sales.csv
mkdir configs
cp "$repository"/configs/*.yaml configs
sed -i 's|num_updates: 30|num_updates: 2|' configs/own_sales.yaml
echo 'forecaster: {lstm: {num_updates: 20}}' >>configs/own_sales.yaml
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
