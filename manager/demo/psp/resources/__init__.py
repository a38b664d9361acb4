"""The objects of the API, one module each."""
