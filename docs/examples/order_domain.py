"""Order a domain, pay it from the prepaid account, and save the invoice. Needs Python alone.

MANAGER_URL=https://panel.example MANAGER_TOKEN=mgr_… python order_domain.py example.com

The token needs the scopes products:read, products:write, billing:read and billing:write.
"""

import json
import os
import sys
import uuid
from urllib.request import Request, urlopen

API = os.environ["MANAGER_URL"] + "/api/1/organizations/current"
PURCHASE = uuid.uuid4()  # a request that is sent again within this purchase is done once


def call(method, path, body=None):
    data = json.dumps(body).encode() if body else None
    headers = {"Authorization": "Bearer " + os.environ["MANAGER_TOKEN"], "Content-Type": "application/json"}
    if method == "POST":
        headers["Idempotency-Key"] = str(uuid.uuid5(PURCHASE, f"{path} {body}"))
    with urlopen(Request(API + path, data, headers, method=method)) as answer:
        content = answer.read()
        return content if answer.headers["Content-Type"] == "application/pdf" else json.loads(content)["data"]


name = sys.argv[1]
plans = [plan for family in call("GET", "/catalogue") for plan in family["plans"]]
plan = next(plan for plan in plans if plan["extension"] == "." + name.partition(".")[2])
wanted = {"lines": [{"plan": plan["slug"], "months": 12, "name": name}]}
offer = call("POST", "/orders", wanted)
total = offer["total_amount"]
print(f"{name} for a year: {total['amount'] / 100:.2f} {total['currency']} with VAT")
order = call("POST", "/orders", {**wanted, "confirmed_total": total})
payment = call("POST", f"/invoices/{order['invoice_id']}/pay", {"prepaid": True})
print(f"Payment {payment['id']}: {payment['status']}")
with open(f"invoice-{order['invoice_id']}.pdf", "wb") as file:
    file.write(call("GET", f"/invoices/{order['invoice_id']}/pdf"))
