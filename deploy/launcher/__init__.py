"""What `deploy/launch.py` does with a Python that is new enough. Standard library only.

`commands` is what can be started, `venv` what is installed and whether it is complete, `pip` installs, `process` runs a
program and shows how far it is, `obstacles` says what stands in the way: in one sentence, the last on the screen.
"""
