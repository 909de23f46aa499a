"""Compares an exported policy in ONNX Runtime with what the C++ policy decided in recorded states.

    python3 check_onnx.py FOLDER

FOLDER holds policy.onnx and, as raw little-endian float32, states.f32 (rows x features), orders.f32 and levels.f32 (rows).
Needs `pip install onnxruntime numpy`, best in a virtual environment outside the tree. Ends with code 1 where the largest relative difference of
a level is above 1e-5, or an order differs although its units before rounding are farther than 1e-4 from a half.
"""

import pathlib
import sys

import numpy as np
import onnxruntime


def main(folder: pathlib.Path) -> int:
    session = onnxruntime.InferenceSession(folder / "policy.onnx", providers=["CPUExecutionProvider"])
    features = session.get_modelmeta().custom_metadata_map["features"].split(",")
    states = np.fromfile(folder / "states.f32", dtype="<f4").reshape(-1, len(features))
    orders = np.fromfile(folder / "orders.f32", dtype="<f4")
    levels = np.fromfile(folder / "levels.f32", dtype="<f4")

    onnx_orders, onnx_levels = session.run(["order", "level"], {"observation": states})
    difference = np.abs(onnx_levels - levels) / np.maximum(1, np.abs(levels))
    units = levels - states[:, features.index("echelon_position")]
    near_half = np.abs(units - np.floor(units) - 0.5) < 1e-4
    wrong = (onnx_orders != orders) & ~near_half
    print(f"{len(states)} states, mean order {orders.mean():.3f}: largest relative difference {difference.max():.1e}, "
          f"{wrong.sum()} orders differ, {near_half.sum()} within 1e-4 of a half")
    return int(difference.max() > 1e-5 or wrong.any())


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
