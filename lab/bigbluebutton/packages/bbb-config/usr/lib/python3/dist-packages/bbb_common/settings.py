"""YAML settings: an override in /etc laid over a package's defaults."""

import os

import yaml


def merged(base, override):
    """`override` laid over `base`: maps are merged, anything else is replaced, as mergo and akka do it."""
    if not isinstance(base, dict) or not isinstance(override, dict):
        return override
    result = dict(base)
    for key, value in override.items():
        result[key] = merged(base[key], value) if key in base else value
    return result


def load(path):
    """The map in the YAML file `path`; empty when there is no file or nothing in it; ValueError when it is broken."""
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        try:
            content = yaml.safe_load(file)
        except yaml.YAMLError as error:
            raise ValueError(f"{path}: {' '.join(str(error).split())}") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ValueError(f"{path}: expected a map, got {type(content).__name__}")
    return content
