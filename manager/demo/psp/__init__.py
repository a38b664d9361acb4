"""A small payment provider for demonstrations and tests: speaks the part of Stripe's API that we call.

A process of its own, standard library only: `python -m manager.demo.psp --port 8200 --data DIR`.
No money moves, and it must never be reachable from outside.
"""
