"""Manager: the control panel of a hosting company's customers."""

from manager.celery import app as celery_app

__all__ = ["celery_app"]
