#!/usr/bin/env python3
"""What the Olist tables come to, computed from the source files alone.

Usage: independent_olist.py FOLDER. Prints one line: parts of paid orders (one a seller), what was paid for
them in centavos, and reviews of such orders. Exits with 77 when pyarrow is missing.
"""
import sys
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

try:
    import pyarrow.parquet as pq
except ImportError:
    sys.exit(77)


def rows(stem):
    (path,) = Path(sys.argv[1]).glob(f"{stem}*.parquet")
    return pq.read_table(path).to_pylist()


def minor(amount):
    return int((Decimal(str(amount)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


orders = {}
for row in rows("orders"):
    orders.setdefault(row["order_id"], row)
gone_on = {"delivered", "shipped", "invoiced", "processing", "approved"}
was_paid = {o for o, row in orders.items() if row["order_approved_at"] or row["order_status"] in gone_on}

items = {}
for row in rows("order_items"):
    if row["order_id"] in was_paid:
        items.setdefault((row["order_id"], row["order_item_id"]), row)
parts, due = set(), {}
for row in items.values():
    order = row["order_id"]
    parts.add((order, row["seller_id"]))
    due[order] = due.get(order, 0) + minor(row["price"]) + minor(row["freight_value"])

paid = {}
for row in rows("order_payments"):
    if row["order_id"] in due:
        paid[row["order_id"]] = paid.get(row["order_id"], 0) + minor(row["payment_value"])

reviews = sum(1 for row in rows("order_reviews") if row["order_id"] in due)
print(f"parts {len(parts)} paid {sum(paid.get(o, d) for o, d in due.items())} reviews {reviews}")
