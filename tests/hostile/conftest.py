"""Fixtures of the hostile input."""

import logging
from collections.abc import Iterator

import psycopg
import pytest
import redis

from tests.factories.billing import make_legal_entity
from tests.hostile.sender import Sender
from tests.isolation.matrix import Report
from tests.isolation.world import build_world


@pytest.fixture
def quiet() -> Iterator[None]:
    """Keep the thousands of expected refusals out of the log; a mistake of ours still shows."""
    names = ("django.request", "django.security", "manager.kit.api")
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.fixture
def sender(
    settings, quiet: None, psp: object, superuser_connection: psycopg.Connection, _valkey: redis.Redis
) -> Sender:
    """Return who sends the requests, in a world with objects of every kind, without limits of rate."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    make_legal_entity()  # without a seller nothing is looked at that orders take
    return Sender(build_world(), superuser_connection, _valkey, Report())
