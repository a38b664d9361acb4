"""What a machine can do at most in batches: one statement for 500 renewals, on small plain tables."""

import time
from typing import Self

import psycopg

from tests.benchmarks.processor import Burnt, burning

TABLES = """
CREATE SCHEMA batched_limit;
SET search_path TO batched_limit;
CREATE TABLE customer (id bigserial PRIMARY KEY, name text NOT NULL);
CREATE TABLE subscription (
    id bigserial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customer, price bigint NOT NULL,
    period_end date NOT NULL);
CREATE INDEX ON subscription (period_end);
CREATE INDEX ON subscription (customer_id);
CREATE TABLE invoice (
    id bigserial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customer, total bigint NOT NULL,
    created_at timestamptz NOT NULL);
CREATE INDEX ON invoice (customer_id);
CREATE TABLE line (
    id bigserial PRIMARY KEY, invoice_id bigint NOT NULL REFERENCES invoice,
    subscription_id bigint NOT NULL REFERENCES subscription, period_start date NOT NULL,
    amount bigint NOT NULL, UNIQUE (subscription_id, period_start));
CREATE INDEX ON line (invoice_id);
CREATE TABLE entry (
    id bigserial PRIMARY KEY, invoice_id bigint NOT NULL REFERENCES invoice, amount bigint NOT NULL);
CREATE INDEX ON entry (invoice_id);
CREATE TABLE outbox (
    id bigserial PRIMARY KEY, name text NOT NULL, payload jsonb NOT NULL, created_at timestamptz NOT NULL,
    sent_at timestamptz);
CREATE INDEX ON outbox (created_at) WHERE sent_at IS NULL;
"""

FILL = """
TRUNCATE customer, subscription, invoice, line, entry, outbox;
INSERT INTO customer (id, name) SELECT n, 'Client ' || n FROM generate_series(1, {number} / 100) n;
INSERT INTO subscription (customer_id, price, period_end)
    SELECT 1 + n % ({number} / 100), 12000, '2027-01-15' FROM generate_series(1, {number}) n;
"""

BATCH = """
WITH due AS (
    SELECT id, customer_id, price, period_end FROM subscription WHERE period_end <= '2027-01-15'
    ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED
), numbered AS (
    SELECT *, nextval('invoice_id_seq') AS invoice FROM due
), invoices AS (
    INSERT INTO invoice (id, customer_id, total, created_at)
    SELECT invoice, customer_id, price, now() FROM numbered
), lines AS (
    INSERT INTO line (invoice_id, subscription_id, period_start, amount)
    SELECT invoice, id, period_end, price FROM numbered
), entries AS (
    INSERT INTO entry (invoice_id, amount) SELECT invoice, price FROM numbered
), events AS (
    INSERT INTO outbox (name, payload, created_at)
    SELECT 'renewed', jsonb_build_object('invoice', invoice), now() FROM numbered
)
UPDATE subscription s SET period_end = (s.period_end + interval '1 year')::date FROM numbered d
WHERE s.id = d.id
"""


class BatchedLimit:
    """Invoice, line, entry, event and the next period of `number` subscriptions, 500 in a transaction."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Self:
        self._connection.execute(TABLES)
        self._connection.execute("RESET search_path")
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.execute("DROP SCHEMA batched_limit CASCADE")

    def run(self, number: int) -> tuple[float, Burnt]:
        """Return the seconds in which `number` fresh subscriptions are renewed, and the processor's."""
        self._connection.execute("SET search_path TO batched_limit")
        self._connection.execute(FILL.format(number=number).encode())
        self._connection.execute("ANALYZE customer, subscription")
        began, done = time.perf_counter(), 0
        with burning(self._connection.info.backend_pid) as burnt:
            while done < number:
                with self._connection.transaction():
                    done += self._connection.execute(BATCH).rowcount
        seconds = time.perf_counter() - began
        self._connection.execute("RESET search_path")
        return seconds, burnt
