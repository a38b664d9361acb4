"""Compile the catalogues: `python -m manager.shell.languages`."""

from manager.shell.languages.catalogues import compile_catalogues

if __name__ == "__main__":
    print(f"Compiled {compile_catalogues()} catalogues.")
