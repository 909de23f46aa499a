"""Builds the package restock with CMake: nothing but its module and what that is linked from, no LibTorch."""

import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = pathlib.Path(__file__).parent.resolve()


class CMakeBuild(build_ext):
    """Copies the folder python/restock of CMake's build to where setuptools wants the package."""

    def run(self):
        build = pathlib.Path(self.build_temp).resolve()
        options = ["-DCMAKE_BUILD_TYPE=Release", "-DRESTOCK_ONLY_PYTHON=ON", "-DRESTOCK_WITH_TORCH=OFF",
                   f"-DPython_EXECUTABLE={sys.executable}"]
        if shutil.which("ninja"):
            options += ["-G", "Ninja"]
        if importlib.util.find_spec("pybind11"):  # from PyPI; Debian's is found without
            options.append(f"-Dpybind11_DIR={importlib.import_module('pybind11').get_cmake_dir()}")
        subprocess.run(["cmake", "-S", ROOT, "-B", build, *options], check=True)
        subprocess.run(["cmake", "--build", build, "--target", "restock_python", "--parallel", "2"], check=True)
        package = ROOT / "python" if self.inplace else pathlib.Path(self.build_lib)
        shutil.copytree(build / "python" / "restock", package / "restock", dirs_exist_ok=True)


setup(
    version=re.search(r"VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text().partition("project(")[2])[1],
    packages=["restock"],
    package_dir={"": "python"},
    ext_modules=[Extension("restock._core", sources=[])],
    cmdclass={"build_ext": CMakeBuild},
)
