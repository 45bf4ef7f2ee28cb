"""Spreadsheets of people, as secretariats send them, read into observers and their places in a mission.

A file is laid out (which row is the header, what each column holds), planned (what each row would do), shown, and
stored once somebody has confirmed it. docs/people.md explains it to those who send files.
"""
