#!/usr/bin/env bash
# Python packages for a test, in a folder of their own that PYTHONPATH then names. Does nothing where they are there in these versions.
#   tests/python_packages.sh REQUIREMENTS FOLDER
# Needs pip, and the network at the first time.
set -euo pipefail
requirements=$1 folder=$2
python3 -m pip --version >/dev/null 2>&1 || { echo "python_packages: needs pip: apt-get install python3-pip"; exit 1; }
if ! cmp -s -- "$requirements" "$folder/requirements.txt"; then
  rm -rf -- "$folder"
  python3 -m pip install --quiet --disable-pip-version-check --target "$folder" --requirement "$requirements"
  cp -- "$requirements" "$folder/requirements.txt"
fi
