"""The one kind of error that an operator is meant to read."""

import errno


class Failure(Exception):
    """A step that cannot be done: one sentence with what, expected, got and remedy, free of secrets."""


def message(error: Exception) -> str:
    """What to tell the operator about an error of ours or of the operating system."""
    if not isinstance(error, OSError):
        return str(error)
    where = error.filename or "a file"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full: {where} could not be written; free some space (`df -h`), then run again"
    if error.errno == errno.EROFS:
        return f"the disk is read-only: {where} could not be written; look at `dmesg` and `mount`, then run again"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"no permission for {where}: run as root and look at `lsattr`"
    return f"{where}: {error.strerror or error}"
