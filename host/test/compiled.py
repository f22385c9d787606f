"""The host programs for tests that start them: compiled, without which each start takes three times as long."""

import compileall
import functools
import os
import py_compile
import shutil
import tempfile

import support  # noqa: F401
from bbb_cluster.system import versions

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(versions.__file__)))


@functools.cache
def _folder():
    return tempfile.TemporaryDirectory()


@functools.cache
def programs():
    """A folder `bbb_cluster`, for as long as the tests run."""
    place = os.path.join(_folder().name, "bbb_cluster")
    shutil.copytree(SOURCE, place)
    compileall.compile_dir(place, quiet=1, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    return place
