"""How workers come up, set by importing this module in the fork server before anything else: they inherit it."""

from __future__ import annotations

import signal
from multiprocessing import spawn

# A Ctrl-C reaches the whole group of processes. Whoever started the workers ends them; by themselves they and the
# fork server would each print where they were.
signal.signal(signal.SIGINT, signal.SIG_IGN)

# A worker would import the program that started it anew: a third of a second for `ajar`, over a second for what
# runs a flow. What workers are given is found by the names of modules, so nothing of the program is needed.
for _name in ("_fixup_main_from_name", "_fixup_main_from_path"):
    setattr(spawn, _name, lambda program: None)
