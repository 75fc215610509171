#!/usr/bin/env bash
# Installs the Debian packages that tests need and that are not there yet: install_packages.sh COMMAND=PACKAGE …
# COMMAND is a program or an absolute path (with wildcards) that shows that the package is installed.
set -euo pipefail
missing=()
for wanted in "$@"; do
  command=${wanted%%=*}
  command -v "$command" >/dev/null || compgen -G "$command" >/dev/null || missing+=("${wanted#*=}")
done
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
if ! command -v apt-get >/dev/null; then
  echo "The tests need ${missing[*]}, and there is no apt-get here: install them, then call this again." >&2
  exit 1
fi
echo "Installing ${missing[*]} (once) ..."
"${as_root[@]}" apt-get update -qq
# A test starts its own servers; a service of the distribution's would only stand in the way.
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
