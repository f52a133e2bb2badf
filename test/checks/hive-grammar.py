"""Reads HiveQL statements, a JSON array, and writes what sqlglot makes of each: its kind and its literals, or the error."""
import json
import sys

import sqlglot
from sqlglot import exp


def parsed(statement):
    try:
        tree = sqlglot.parse_one(statement, read="hive")
        if isinstance(tree, exp.Command):
            return {"error": "not of the grammar"}
        return {"kind": type(tree).__name__, "literals": sorted(node.this for node in tree.find_all(exp.Literal) if node.is_string)}
    except sqlglot.errors.SqlglotError as error:
        return {"error": str(error)}


print(json.dumps([parsed(statement) for statement in json.load(sys.stdin)]))
