#!/bin/sh
#SBATCH --job-name=terse
#SBATCH --array=1-8
#SBATCH --cpus-per-task=1
# One command of Terse in shards, a task of the array each:
#   job=$(sbatch --parsable .ci/slurm/array.sh simulate --out=runs/standard)
#   sbatch --dependency=afterok:$job --wrap "terse simulate --out=runs/standard --merge"
# A task that is killed and requeued goes on where it was. TERSE names the program.
exec ${TERSE:-terse} "$@" --shard="$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
