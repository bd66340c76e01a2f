#!/bin/sh
# Draws the standard catalogs by a Slurm array of three shards, merges them in a job that waits for it,
# and compares every file with that of one run: the last line is "the same bits".
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
stop() {
  for daemon in slurmd slurmctld; do
    [ ! -f "$folder/$daemon.pid" ] || kill "$(cat "$folder/$daemon.pid")"
  done
  sleep 1
  rm -rf "$folder"
}
trap stop EXIT
eval "$(sh .ci/slurm/start.sh "$folder")"
export TERSE="deno run --no-prompt --allow-read --allow-write=$folder cli/main.ts"
command="simulate --seed=3 --quiet"
job=$(sbatch --parsable --array=1-3 --output="$folder/%A_%a.log" .ci/slurm/array.sh $command \
  --out="$folder/shards")
sbatch --wait --dependency="afterok:$job" --output="$folder/merge.log" \
  --wrap "$TERSE $command --out=$folder/shards --merge" || cat "$folder"/*.log
$TERSE $command --out="$folder/whole"
for file in experiment.json base_sample.fits catalogs.fits; do
  cmp "$folder/whole/$file" "$folder/shards/$file"
done
echo "the same bits"
