"""Runs HiveQL, a JSON array of scripts, each an array of statements, in Spark with Hive's tables; writes each script's error, or null."""
import json
import sys

from pyspark.sql import SparkSession

scratch = sys.argv[1]
spark = (
    SparkSession.builder.master("local[1]")
    .enableHiveSupport()
    .config("spark.ui.enabled", False)
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.warehouse.dir", f"{scratch}/warehouse")
    .config("spark.hadoop.javax.jdo.option.ConnectionURL", "jdbc:derby:memory:metastore;create=true")
    .getOrCreate()
)


def error(statements):
    try:
        for statement in statements:
            spark.sql(statement)
    except Exception as problem:
        return f"{statement}: {problem}"


errors = [error(statements) for statements in json.load(sys.stdin)]
print(json.dumps(errors))
