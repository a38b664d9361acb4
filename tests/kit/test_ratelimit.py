"""Limits are held by one atomic script (API-3, ACC-17)."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from manager.kit.ratelimit import LimiterUnavailable, give_back, take
from tests.fixtures.waiting import wait_until


class TestTake:
    """`take` lets through `limit` within any window."""

    def test_lets_through_exactly_the_limit_of_many_at_once(self):
        """API-3: 60 of 200 parallel requests."""
        with ThreadPoolExecutor(20) as pool:
            taken = list(pool.map(lambda _: take("parallel", 60, 60), range(200)))
        assert sum(allowance.allowed for allowance in taken) == 60

    def test_counts_down_and_says_when_to_come_back(self):
        """API-3: the client is told what is left."""
        assert [take("count", 3, 60).remaining for _ in range(3)] == [2, 1, 0]
        refused = take("count", 3, 60)
        assert not refused.allowed
        assert refused.remaining == 0
        assert 30 <= refused.reset_seconds <= 60

    def test_keeps_keys_apart(self):
        """ACC-17: one login's failures are not another's."""
        assert take("one", 1, 60).allowed
        assert take("other", 1, 60).allowed
        assert not take("one", 1, 60).allowed

    def test_slides_with_the_time_and_does_not_count_the_refused(self):
        """API-3: after the window the key is free again, whatever was refused meanwhile."""
        assert take("slide", 2, 4).allowed
        time.sleep(2.2)
        assert take("slide", 2, 4).allowed
        assert not take("slide", 2, 4).allowed
        time.sleep(2)
        assert take("slide", 2, 4).allowed
        assert not take("slide", 2, 4).allowed

    def test_leaves_nothing_behind_after_the_window(self, settings):
        """Keys expire by themselves."""
        with redis.Redis.from_url(settings.REDIS_URL) as valkey:
            take("gone", 5, 2)
            assert valkey.exists("limit:gone")
            wait_until(lambda: not valkey.exists("limit:gone"))


class TestGiveBack:
    """`give_back` undoes one's own taking."""

    def test_gives_back_one_and_no_more(self):
        """INC-11: a good sign-in does not clear the failures before it."""
        first = take("back", 2, 60)
        take("back", 2, 60)
        give_back(first)
        give_back(first)
        assert take("back", 2, 60).allowed
        assert not take("back", 2, 60).allowed

    def test_does_nothing_for_a_refused_one(self):
        """A refusal took nothing."""
        take("refused", 1, 60)
        give_back(take("refused", 1, 60))
        assert not take("refused", 1, 60).allowed


class TestWithoutRedis:
    """Without Redis nobody is let through, and somebody is told."""

    def test_is_a_refusal_and_an_error_in_the_log(self, settings, caplog):
        """API-3: never open by accident."""
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        with caplog.at_level(logging.ERROR), pytest.raises(LimiterUnavailable) as refused:
            take("any", 1, 60)
        assert refused.value.status == 503
        assert "cannot reach Redis" in caplog.text
