"""Embedded PostgreSQL and Valkey for `make run` and the tests; never part of a production set-up."""

from manager.demo.services.cluster import Services

__all__ = ["Services"]
