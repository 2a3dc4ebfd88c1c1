"""The schema's history. Each version changes the tables from the one before; a file that was released never changes.

To change the schema: change `core/tickertape/durable/store/schema.py`, and add a file to `versions` whose `down_revision` is the last
one's `revision`. A test compares what the versions make with the schema.
"""
