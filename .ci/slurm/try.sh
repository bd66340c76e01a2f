#!/bin/sh
# Does what cli/README.md says for Slurm, with its own lines, on a Slurm of this one machine (start.sh):
# an array of shards and a merge that waits for it. Compares every file with that of one run: the last
# line is "the same bits".
set -eu
cd "$(dirname "$0")/../.."
repository=$PWD
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
eval "$(grep '^deno install' cli/README.md) --root '$folder' --quiet"
export PATH="$folder/bin:$PATH"
cd "$folder"
# From "#!/bin/sh" to the end of its block.
sed -n '/^#!\/bin\/sh$/,/^```$/p' "$repository/cli/README.md" | sed '$d' >terse.slurm
eval "$(grep '^job=' "$repository/cli/README.md")"
eval "$(grep '^sbatch --dependency' "$repository/cli/README.md") --wait" || cat slurm-*.out
ls -d runs/standard/shards/8_of_8
terse simulate --out=runs/whole --quiet
for file in experiment.json base_sample.fits catalogs.fits; do
  cmp "runs/whole/$file" "runs/standard/$file"
done
echo "the same bits"
