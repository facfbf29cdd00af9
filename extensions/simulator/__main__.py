# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to community.catchpoint: no stability is promised to others.
"""Starts the simulator by path from any folder, without installation: `python3 extensions/simulator`.

Any Python can parse this file, so that an old one prints a sentence instead of a traceback.
"""

import sys

if __name__ == "__main__":
    found = tuple(sys.version_info[:2])
    if found < (3, 9):
        sys.stderr.write("catchpoint simulator: needs Python 3.9 or later, this is {}.{}\n".format(*found))
        sys.exit(2)
    import importlib
    from pathlib import Path

    folder = Path(__file__).resolve().parent
    if not __package__:
        sys.path.insert(0, str(folder.parent))
    sys.exit(importlib.import_module(folder.name + ".cli").main())
