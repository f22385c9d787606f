"""Options of a Java launcher, as far as bbb-web's unit and cluster mode use them."""

import re
import shlex

_SIZE = re.compile(r"\d+[kKmMgG]?")
_REQUIRED = ("server.address", "server.port")


class OptionError(ValueError):
    """Java would not start with these options."""


def parse_options(arguments, environment):
    """System properties from JDK_JAVA_OPTIONS (`environment`) and the command line, which wins."""
    system = {}
    for option in shlex.split(environment):
        if not option.startswith("-"):
            raise OptionError(f"Error: cannot specify main class in environment variable JDK_JAVA_OPTIONS: {option}")
        _take(option, system)
    for option in arguments:
        _take(option, system)
    for key in _REQUIRED:
        if not system.get(key):
            raise OptionError(f"the unit gave no {key}: is something missing in /etc/default/bbb-web?")
    return system


def _take(option, system):
    if option.startswith("-D"):
        key, _, value = option[2:].partition("=")
        system[key] = value
    elif option.startswith(("-Xms", "-Xmx")):
        if not _SIZE.fullmatch(option[4:]):
            raise OptionError(f"Invalid {'initial' if option[3] == 's' else 'maximum'} heap size: {option}")
    elif not option.startswith("-XX:"):
        raise OptionError(f"Unrecognized option: {option}")
