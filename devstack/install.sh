#!/bin/sh
# Installs the PostgreSQL server programs without making or starting the system's own cluster, which a private one has no
# use for. $1 is the package, $2 the folder of pg_createcluster's drop-in settings. The drop-in is there only meanwhile,
# so that a PostgreSQL somebody installs later behaves as usual.
set -eu

mkdir -p "$2"
trap 'rm -f "$2/tandem.conf"' EXIT
trap 'exit 1' HUP INT TERM
echo "create_main_cluster = false" >"$2/tandem.conf"

export DEBIAN_FRONTEND=noninteractive
# One unreachable source must not stop an installation that does not need it.
apt-get -q -o DPkg::Lock::Timeout=300 update || echo "apt-get update failed; going on with the lists at hand"
apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$1"
