"""Configuration: ``linkcheck.toml`` in, one small frozen value per consumer out.

The keys are the fields of the settings classes; see :mod:`linkcheck.model.config_field`.
"""

from linkcheck.config.config_file import FILES, Config, find, load
from linkcheck.config.config_keys import FAIL_ON, HOST, SECTIONS, TOP, ConfigKey, RunDefaults

__all__ = [
    "FAIL_ON",
    "FILES",
    "HOST",
    "SECTIONS",
    "TOP",
    "Config",
    "ConfigKey",
    "RunDefaults",
    "find",
    "load",
]
