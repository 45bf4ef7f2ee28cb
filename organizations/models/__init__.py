"""The records of who there is: accounts, organizations, regions and sources."""

from organizations.models.accounts import ApiToken, StaffRole, User
from organizations.models.changes import Change, ChangedRecord, PersonalValue
from organizations.models.copies import SourceCopy, text_of
from organizations.models.feed import Audience, FeedEntry, ToldRecord
from organizations.models.organizations import Membership, Organization, OrganizationName, gaps_between, names_seen
from organizations.models.records import OneSourceQuerySet, OwnedRecord, Record, RecordQuerySet, SourcedQuerySet
from organizations.models.regions import Region
from organizations.models.saved_views import SavedView
from organizations.models.sent_once import SentOnce
from organizations.models.sources import Source

__all__ = [
    "ApiToken",
    "Audience",
    "Change",
    "ChangedRecord",
    "FeedEntry",
    "Membership",
    "OneSourceQuerySet",
    "Organization",
    "OrganizationName",
    "OwnedRecord",
    "PersonalValue",
    "Record",
    "RecordQuerySet",
    "Region",
    "SavedView",
    "SentOnce",
    "Source",
    "SourceCopy",
    "SourcedQuerySet",
    "StaffRole",
    "ToldRecord",
    "User",
    "gaps_between",
    "names_seen",
    "text_of",
]
