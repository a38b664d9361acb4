"""A test server of PostFinance Checkout: the part of its web service API 2.0 that the panel calls.

A process of its own: `python -m manager.demo.postfinance --port 8210 --data DIR`. No money moves, and it must
never be reachable from outside.
"""
