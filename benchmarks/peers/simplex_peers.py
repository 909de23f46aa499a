#!/usr/bin/env python3
"""The simplex beside HiGHS, Clp and GLPK, in one run: Netlib and the replenishment programs.

    python3 benchmarks/peers/simplex_peers.py                    the whole table
    python3 benchmarks/peers/simplex_peers.py afiro inv_r        problems by name; a path to an MPS file will do, too
    python3 benchmarks/peers/simplex_peers.py --solvers restock,highs --time-limit 60

Per problem and solver: CPU seconds of the solve alone, iterations, and the relative error of the objective against
lp/optima.tsv (for the replenishment programs against the median of all solvers); then shifted geometric means (shift
0.01 s) and their ratios to HiGHS. Everything runs on one core, one solver after the other on the same problem, so
ratios hold on a busy machine, too. The problems lie under $RESTOCK_DATA/lp (default ../shared/lp); HiGHS comes from
PyPI (pip install highspy), Clp and GLPK are built in where the benchmarks found them.
"""

import argparse
import csv
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
REPLENISHMENT = {"inv_s": (4, 20, 12), "inv_r": (6, 50, 24), "inv_m": (8, 100, 24), "inv_l": (20, 400, 24)}
SOLVERS = ["restock", "restock_presolve", "highs", "highs_presolve", "clp", "glpk"]
SHIFT = 0.01  # s


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", nargs="*", help="names or MPS files (default: all but inv_l)")
    parser.add_argument("--solvers", default=",".join(SOLVERS))
    parser.add_argument("--time-limit", type=float, default=60, help="seconds per solve; ten times that for qap12")
    parser.add_argument("--build", type=pathlib.Path, default=REPOSITORY / "build/release")
    return parser.parse_args()


def data_folder():
    return pathlib.Path(os.environ.get("RESTOCK_DATA", REPOSITORY.parent / "shared")) / "lp"


def reference_optima():
    with open(data_folder() / "optima.tsv") as file:
        return {row["name"]: float(row["reference_optimum"]) for row in csv.DictReader(file, delimiter="\t")
                if row["set"] == "netlib"}


def make_replenishment(name, folder):
    path = pathlib.Path(folder) / f"{name}.mps"
    size = [str(number) for number in REPLENISHMENT[name]]
    subprocess.run([sys.executable, data_folder() / "make_inventory_lp.py", *size, "1", path], check=True,
                   stdout=subprocess.DEVNULL)
    return path


def problem_files(names, folder):
    netlib = data_folder() / "netlib"
    for name in names or sorted(file.stem for file in netlib.glob("*.mps")) + ["inv_s", "inv_r", "inv_m"]:
        if name in REPLENISHMENT:
            yield name, make_replenishment(name, folder)
        elif pathlib.Path(name).exists():
            yield pathlib.Path(name).stem, pathlib.Path(name)
        else:
            yield name, netlib / f"{name}.mps"


def solve_by_highs(path, presolve, time_limit):
    """As in simplex_peers.cc: the least of a few where a solve is short."""
    import highspy

    best = None
    total = 0
    for _ in range(7):
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("solver", "simplex")
        highs.setOptionValue("simplex_strategy", 1)  # serial dual
        highs.setOptionValue("parallel", "off")
        highs.setOptionValue("threads", 1)
        highs.setOptionValue("presolve", "on" if presolve else "off")
        highs.setOptionValue("time_limit", float(time_limit))
        highs.readModel(str(path))
        start = time.process_time()
        highs.run()
        seconds = time.process_time() - start
        info = highs.getInfo()
        is_optimal = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        if best is None or seconds < best["seconds"]:
            best = {"optimal": is_optimal, "objective": info.objective_function_value,
                    "iterations": info.simplex_iteration_count, "seconds": seconds}
        total += seconds
        if total > 0.2:
            break
    return best


def solve_by_program(program, path, solvers, time_limit):
    results = {}
    run = subprocess.run([program, path, str(time_limit), *solvers], stdout=subprocess.PIPE, text=True)
    for line in run.stdout.splitlines():
        solver, status, objective, iterations, seconds = line.split("\t")
        results[solver] = {"optimal": status == "optimal", "objective": float(objective),
                           "iterations": int(iterations), "seconds": float(seconds)}
    return results


def shifted_geometric_mean(seconds):
    return math.exp(statistics.fmean(math.log(value + SHIFT) for value in seconds)) - SHIFT


def relative_error(result, optimum):
    return abs(result["objective"] - optimum) / max(1, abs(optimum))


def print_problem(name, results, solvers, optimum):
    cells = [f"{name:12}"]
    for solver in solvers:
        result = results.get(solver)
        if result is None:
            cells.append(f"{'-':>27}")
            continue
        error = f"{relative_error(result, optimum):7.0e}" if result["optimal"] else " failed"
        cells.append(f"{result['seconds']:10.5f} {result['iterations']:8d} {error}")
    print(" | ".join(cells), flush=True)


def print_means(table, solvers, time_limit):
    """Over the Netlib problems; a failure counts as the time limit."""
    problems = [results for name, results in table.items() if name not in REPLENISHMENT]
    means = {}
    for solver in solvers:
        if not problems or any(solver not in results for results in problems):
            continue
        means[solver] = shifted_geometric_mean([results[solver]["seconds"] if results[solver]["optimal"] else time_limit
                                                for results in problems])
    print(f"\nshifted geometric means over {len(problems)} problems of Netlib (shift {SHIFT} s)")
    for solver, mean in means.items():
        ratio = f"{mean / means['highs']:6.2f} x HiGHS" if "highs" in means else ""
        solved = sum(results[solver]["optimal"] for results in problems)
        total = sum(results[solver]["seconds"] for results in problems)
        print(f"  {solver:17} {mean:9.5f} s  {ratio}   {solved} solved, {total:.2f} s in total")
    if "highs" not in means:
        return
    for solver in [solver for solver in means if solver.startswith("restock")]:
        worst = sorted(((results[solver]["seconds"] / results["highs"]["seconds"], name)
                        for name, results in table.items() if name not in REPLENISHMENT), reverse=True)[:6]
        print(f"  slowest beside HiGHS, {solver}: " + ", ".join(f"{name} {ratio:.1f} x" for ratio, name in worst))


def main():
    options = arguments()
    solvers = options.solvers.split(",")
    program = options.build / "benchmarks/simplex_peers"
    if not program.exists():
        sys.exit(f"{program} is missing: configure with -DRESTOCK_BUILD_BENCHMARKS=ON and build simplex_peers")
    try:
        import highspy  # noqa: F401
    except ImportError:
        print("HiGHS is left out: no module highspy (pip install highspy)")
        solvers = [solver for solver in solvers if not solver.startswith("highs")]

    optima = reference_optima()
    table = {}
    print(" | ".join([f"{'problem':12}"] + [f"{solver:>27}" for solver in solvers]))
    print(" | ".join([" " * 12] + [f"{'CPU s':>10} {'iterat.':>8} {'error':>7}"] * len(solvers)))
    with tempfile.TemporaryDirectory() as folder:
        for name, path in problem_files(options.problems, folder):
            limit = options.time_limit * (10 if name == "qap12" else 1)
            own = [solver for solver in solvers if not solver.startswith("highs")]
            results = solve_by_program(program, path, own, limit)
            for solver in solvers:
                if solver.startswith("highs"):
                    results[solver] = solve_by_highs(path, solver == "highs_presolve", options.time_limit)
            agreed = [result["objective"] for result in results.values() if result["optimal"]]
            optimum = optima.get(name, statistics.median(agreed) if agreed else math.nan)
            print_problem(name, results, solvers, optimum)
            table[name] = results
    print_means(table, solvers, options.time_limit)


if __name__ == "__main__":
    main()
