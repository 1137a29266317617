"""Reads an event log as PM4Py does and writes as JSON what it finds in it: which stage follows which, where
traces begin and end, and the stages of the inductive miner's tree in its order. PM4Py greets on standard
output, so that is a file: mine.py LOG FOUND."""

import json
import sys

import pm4py


def leaves(tree):
    if tree.children:
        return [leaf for child in tree.children for leaf in leaves(child)]
    return [tree.label] if tree.label else []


log = pm4py.read_xes(sys.argv[1], show_progress_bar=False)
entered = log[log["lifecycle:transition"] == "start"]
follows, begin, end = pm4py.discover_dfg(entered)
tree = pm4py.discover_process_tree_inductive(entered)
found = {
    "traces": int(log["case:concept:name"].nunique()),
    "follows": [[before, after, int(times)] for (before, after), times in follows.items()],
    "begin": {stage: int(times) for stage, times in begin.items()},
    "end": {stage: int(times) for stage, times in end.items()},
    "tree": leaves(tree),
    "operator": tree.operator.name if tree.operator else None,
}
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(found, file, ensure_ascii=False)
