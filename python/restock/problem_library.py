"""The problem files that come with the package: those of configs/problems/."""

import pathlib

_FOLDER = pathlib.Path(__file__).parent / "problem_files"


def problem_names():
    """Names of the problems of the library, such as "lost_sales"."""
    return sorted(file.stem for file in _FOLDER.glob("*.yaml"))


def problem_file(problem):
    """The file of a problem: of the library by its name, or the path that was given."""
    if str(problem) in problem_names():
        return _FOLDER / f"{problem}.yaml"
    path = pathlib.Path(problem)
    if not path.suffix:
        raise ValueError(f"there is no problem {problem!r} in the library, which has {', '.join(problem_names())}; "
                         "a file of your own ends in .yaml.")
    return path
