"""Tells what is wrong with a set-up: `manage.py doctor`."""
