# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# `make SESSION ARGS="..."` makes an environment for nox in build/ and calls it; noxfile.py has what each session does.

NOX := build/nox-venv/bin/nox
NOX_PACKAGES := nox==2026.10.20 antsibull-nox==1.10.0
SESSIONS := test demo lint format sanity units integration simulator docs site packaging eda changelog release matrix nightly benchmark

.PHONY: help nox clean $(SESSIONS)
help: $(NOX)  # the sessions of nox
	@$(NOX) --list

$(SESSIONS): $(NOX)
	@$(NOX) --session $@ $(if $(ARGS),-- $(ARGS))

nox: $(NOX)  # ARGS="--session units-2.19 integration-2.19"
	@$(NOX) $(ARGS)

$(NOX): Makefile
	@python3 -m venv build/nox-venv
	@build/nox-venv/bin/python -m pip install --quiet --disable-pip-version-check $(NOX_PACKAGES)
	@touch $@

clean:
	rm -rf build tests/output
