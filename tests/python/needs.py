"""Skips a whole test program where a package that it needs is absent: ctest reads the code 77 as skipped."""

import importlib.util
import sys


def needs(**packages):
    """`packages`: module name = how to get it."""
    missing = [f"{name} ({cure})" for name, cure in packages.items() if importlib.util.find_spec(name) is None]
    if missing:
        print(f"skipped: {sys.executable} lacks {', '.join(missing)}")
        sys.exit(77)
