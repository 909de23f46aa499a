#!/usr/bin/env python3
"""What the rolling linear programs cost on problems of configs/problems/, beside the best rule and the bound.

    benchmarks/program_costs.py [--restock build/release/restock] [--paths 16] [--periods 60] [PROBLEM ...]

All policies of a row meet the same paths of demand; the difference to the best rule has its 95 % interval. The last
column is what is paid if all demand is known, or, marked by a star, the optimum: the average over all demand, which
a few paths may lie below.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

PROBLEMS = ["lost_sales", "dual_sourcing", "perishable", "serial_three_echelons", "transshipment_three_stores",
            "inventory_management", "network_management", "network_management_serial"]
PROGRAMS = ["lp", "stochastic_lp", "multistage_lp"]


def run(restock, problem, paths, periods):
    """The summary of a run with all programs."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "run"
        command = [restock, "run", f"configs/problems/{problem}.yaml", "linear_programs={lp: {}, stochastic_lp: {}, multistage_lp: {}}",
                   f"evaluation.num_lp_scenarios={paths}", f"evaluation.num_lp_periods={periods}", "service.frontier=none",
                   "--out", str(out)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{problem}: {done.stderr or done.stdout}")
        return json.loads((out / "summary.json").read_text())


def cell(row):
    difference = row["difference"]
    half = (difference["high"] - difference["low"]) / 2
    return f"{row['cost_on_bound_scenarios']:.2f} ({difference['mean']:+.2f} ± {half:.2f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--restock", default="build/release/restock")
    parser.add_argument("--paths", type=int, default=16)
    parser.add_argument("--periods", type=int, default=60)
    parser.add_argument("problems", nargs="*", default=PROBLEMS)
    arguments = parser.parse_args()

    print("| problem | best rule | lp | stochastic_lp | multistage_lp | all demand known |")
    print("| --- | --- | --- | --- | --- | --- |")
    for problem in arguments.problems:
        summary = run(arguments.restock, problem, arguments.paths, arguments.periods)
        rows = {row["name"]: row for row in summary["policies"]}
        rule = rows[summary["best_classical"]]
        known = [bound for bound in summary["bounds"] if bound["kind"] == "perfect_information"]
        if known:
            bound = f"{known[0]['cost']:.2f}"
        elif summary["protocol"]["kind"] == "average":
            bound = f"{summary['bound']['cost']:.2f}*"
        else:
            bound = ""  # the optimum is that of more periods
        cells = [cell(rows[name]) if name in rows else "" for name in PROGRAMS]
        print(f"| {problem} | {rule['name']} {rule['cost_on_bound_scenarios']:.2f} | " + " | ".join(cells) + f" | {bound} |",
              flush=True)


if __name__ == "__main__":
    main()
