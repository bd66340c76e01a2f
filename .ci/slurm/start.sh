#!/bin/sh
# Starts a Slurm cluster of this one machine (Debian's slurm-wlm and munge, as root) with all its
# files in the folder that is named, and prints the line that shells need. It ends when the processes in
# the folder's .pid files are killed; munged stays.
set -eu
folder=$(realpath "$1")
name=$(hostname -s)
mkdir -p "$folder/state" "$folder/spool" /run/munge
chown munge /run/munge
pgrep -x munged >/dev/null || runuser -u munge -- /usr/sbin/munged
cat >"$folder/slurm.conf" <<CONFIG
ClusterName=terse
SlurmctldHost=$name
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
NodeName=$name CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$name Default=YES MaxTime=60 State=UP
CONFIG
/usr/sbin/slurmctld -f "$folder/slurm.conf"
/usr/sbin/slurmd -f "$folder/slurm.conf"
echo "export SLURM_CONF=$folder/slurm.conf"
