"""Configuration: ``linkcheck.toml`` in, one small frozen value per consumer out.

The keys are the fields of the settings classes; see :mod:`linkcheck.model.config_field`.
"""

from linkcheck.config.keys import FAIL_ON, HOST, SECTIONS, TOP, ConfigKey, RunDefaults
from linkcheck.config.load import FILES, Config, find, load

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
