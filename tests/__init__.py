"""Tests of linkcheck; the folders mirror the packages."""
