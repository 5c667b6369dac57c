"""Reads a table of the lake with the packages `deltalake` and `duckdb`; exits 77 when one is missing.

Usage: read_lake.py TABLE_FOLDER. Prints rows and the sum of paid_minor by each, and pieces by DuckDB.
"""
import sys

try:
    import duckdb
    from deltalake import DeltaTable
    import pyarrow  # noqa: F401  (DuckDB reads the table through it)
except ImportError as error:
    print(f"the Python package {error.name} is missing", file=sys.stderr)
    sys.exit(77)

table = DeltaTable(sys.argv[1])
dataset = table.to_pyarrow_dataset()
columns = dataset.to_table(columns=["seq", "paid_minor", "lines"])
print("deltalake", columns.num_rows, sum(columns["paid_minor"].to_pylist()))
connection = duckdb.connect()
files = table.file_uris()
rows = connection.execute(
    "select count(*), sum(paid_minor), sum(list_sum(list_transform(lines, lambda l: l.qty))) from read_parquet($1, hive_partitioning = true)", [files]
).fetchone()
print("duckdb", rows[0], rows[1], int(rows[2]))
