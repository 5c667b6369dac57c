"""Orders, GMV and credit notes of the Online Retail table, from the file alone, in exact decimals.

Usage: independent_online_retail.py FILE.parquet. Knows nothing of facts, mappings or our SQL; exits 77 without pyarrow.
"""
import sys
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal

try:
    import pyarrow.parquet as parquet
except ImportError:
    sys.exit(77)

table = parquet.read_table(sys.argv[1], columns=["InvoiceNo", "Quantity", "UnitPrice"]).to_pydict()
sold = defaultdict(int)
positive = set()
for invoice, pieces, price in zip(table["InvoiceNo"], table["Quantity"], table["UnitPrice"]):
    pennies = (Decimal(repr(price)) * pieces * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    sold[invoice] += int(pennies)
    if pieces > 0:
        positive.add(invoice)
orders = [i for i in sold if i[0] not in "AC" and i in positive]
credits = [i for i in sold if i[0] == "C"]
print("orders", len(orders), "gmv", sum(sold[i] for i in orders), "credits", len(credits), "credited", -sum(sold[i] for i in credits))
