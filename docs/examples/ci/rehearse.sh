#!/usr/bin/env bash
# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Plays a playbook against the simulator: rehearse.sh PLAYBOOK [OPTIONS]. The collection is in the folder "collections".
set -euo pipefail
simulator=collections/ansible_collections/community/catchpoint/extensions/simulator
# The simulator prints one line of JSON when it is ready.
exec 3< <(exec python3 "$simulator" --port 0 --limits off)
trap "kill $!" EXIT
read -r line <&3
member() { python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$line" "$1"; }
CATCHPOINT_BASE_URL=$(member url)
CATCHPOINT_API_KEY=$(member api_key)
export CATCHPOINT_BASE_URL CATCHPOINT_API_KEY
ansible-playbook "$@"
