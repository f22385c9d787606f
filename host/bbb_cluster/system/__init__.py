"""The machine: files, programs, packages, units, time."""
