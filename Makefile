# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# `make SESSION ARGS="..."` makes an environment for nox in build/ and calls it; noxfile.py has what each session does.
# `make demo` needs neither nox nor a certain version of Ansible, so that the first verdict comes within a minute. It does
# not compile Ansible either, because it uses only a small part of it (--no-compile; uv does not compile by default).

NOX := build/nox-venv/bin/nox
NOX_PACKAGES := nox==2026.10.20 antsibull-nox==1.10.0
SESSIONS := test lint format sanity units integration simulator docs site packaging eda changelog release matrix nightly benchmark

DEMO := build/demo-venv
DEMO_PACKAGES := 'ansible-core >= 2.16' -r meta/ee-requirements.txt

.PHONY: help demo nox clean $(SESSIONS)
help: $(NOX)  # the sessions of nox
	@$(NOX) --list

$(SESSIONS): $(NOX)
	@$(NOX) --session $@ $(if $(ARGS),-- $(ARGS))

demo: $(DEMO)/ready  # playbooks that query Catchpoint and decide: the real service with credentials, else the simulator
	@PATH="$(CURDIR)/$(DEMO)/bin:$$PATH" ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/$(DEMO)/collections" \
		$(DEMO)/bin/python demo/run $(ARGS)

$(DEMO)/ready: Makefile meta/ee-requirements.txt
	@echo "Installing Ansible into $(DEMO). This happens once and takes less than a minute."
	@rm -rf $(DEMO)
	@if command -v uv > /dev/null; \
		then uv venv --quiet $(DEMO) && uv pip install --quiet --python $(DEMO)/bin/python $(DEMO_PACKAGES); \
		else python3 -m venv $(DEMO) && $(DEMO)/bin/python -m pip install --quiet --no-compile --disable-pip-version-check \
			$(DEMO_PACKAGES); fi
	@mkdir -p $(DEMO)/collections/ansible_collections/community
	@ln -s "$(CURDIR)" $(DEMO)/collections/ansible_collections/community/catchpoint
	@touch $@

nox: $(NOX)  # ARGS="--session units-2.19 integration-2.19"
	@$(NOX) $(ARGS)

$(NOX): Makefile
	@python3 -m venv build/nox-venv
	@build/nox-venv/bin/python -m pip install --quiet --disable-pip-version-check $(NOX_PACKAGES)
	@touch $@

clean:
	rm -rf build tests/output
