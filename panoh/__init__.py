"""Panoh: the open register and case system with which a country receives people who flee."""

__version__ = "0.1.0"
