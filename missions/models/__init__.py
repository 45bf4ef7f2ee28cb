"""The records of what was observed: elections, missions, who was sent through them, and what sources say."""

from missions.models.assignments import Assignment
from missions.models.deployments import Channel, Deployment
from missions.models.elections import Election, VotingDay
from missions.models.figures import HeadCount, Reading, Statement
from missions.models.missions import Invitation, Mission
from missions.models.people_files import PeopleFile, RememberedColumn
from missions.models.releases import Release

__all__ = [
    "Assignment",
    "Channel",
    "Deployment",
    "Election",
    "HeadCount",
    "Invitation",
    "Mission",
    "PeopleFile",
    "Reading",
    "Release",
    "RememberedColumn",
    "Statement",
    "VotingDay",
]
