"""`python -m flows` is the command `ajar`."""

from flows.command_line import main

main(prog_name="ajar")
