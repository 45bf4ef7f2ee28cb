"""Who sees each record now, so that the feed of changes knows whom the next act concerns. It begins with that act."""

from django.db import migrations
from django.db.models import F, Q

AT_ONCE = 1000
EVERYBODY = frozenset({"members", "visitors"})
MEMBERS = frozenset({"members"})
# Of records about things: the model, and the way to the sources of which one is public. Without a way all are public.
THINGS = (
    ("organizations", "Source", "sources", None),
    ("organizations", "Organization", "organizations", ""),
    ("organizations", "OrganizationName", "organization-names", "source"),
    ("organizations", "Membership", "memberships", "sources"),
    ("organizations", "Region", "regions", ""),
    ("missions", "Election", "elections", ""),
    ("missions", "VotingDay", "voting-days", "source"),
    ("missions", "Mission", "missions", "sources"),
    ("missions", "Invitation", "invitations", "sources"),
    ("missions", "Deployment", "deployments", "sources"),
    ("missions", "Channel", "channels", "source"),
    ("missions", "HeadCount", "head-counts", "source"),
)


def people_of(organization):
    return "administrators" if organization is None else f"organization-{organization}"


def things(apps):
    for app, name, resource, way in THINGS:
        rows = apps.get_model(app, name).objects.order_by("pk")
        public = None if way == "" else {"public" if way is None else f"{way}__public": True}
        shown = set(rows.filter(**public).values_list("pk", flat=True)) if public else None
        for pk, code in rows.values_list("pk", "code").iterator():
            yield resource, code, EVERYBODY if shown is None or pk in shown else MEMBERS


def people(apps):
    """Who sees each person, spelling and place: as `resource/code`."""
    models = {name: apps.get_model("observers", name).objects for name in ("Observer", "ObserverName")}
    places = apps.get_model("missions", "Assignment").objects
    named = places.filter(sources__public=True, observer__withheld=False)
    shown_persons = set(named.values_list("observer", flat=True))
    known = {
        pk: {"data-protection", people_of(owner)} for pk, owner in models["Observer"].values_list("pk", "owner")
    }
    by_keeper = Q(owner=F("observer__owner")) | Q(owner=None, observer__owner=None)
    for person, organizer in places.filter(by_keeper, mission__isnull=False).values_list(
        "observer", "mission__organizer"
    ):
        known[person].add(people_of(organizer))
    persons = {pk: frozenset(who | EVERYBODY if pk in shown_persons else who) for pk, who in known.items()}
    for pk, code in models["Observer"].values_list("pk", "code"):
        yield f"observers/{code}", persons[pk]
    for code, person, public in models["ObserverName"].values_list("code", "observer", "source__public"):
        yield (
            f"observer-names/{code}",
            frozenset(known[person] | EVERYBODY if public and person in shown_persons else known[person]),
        )
    shown = set(named.values_list("pk", flat=True))
    keys = ("pk", "code", "observer", "observer__owner", "owner", "mission", "mission__organizer")
    for pk, code, person, keeper, owner, mission, organizer in places.values_list(*keys):
        own = {people_of(keeper), people_of(owner), *([people_of(organizer)] if mission else [])}
        alone = own if "members" in persons[person] else own & persons[person]
        others = persons[person] - alone - {"data-protection"}
        pairs = {"+".join(sorted((one, other))) for one in own - alone for other in others}
        yield f"assignments/{code}", frozenset({"data-protection", *alone, *pairs, *(EVERYBODY if pk in shown else ())})


def statements(apps, seen):
    rows = apps.get_model("missions", "Statement").objects
    about_people = ("observers/", "observer-names/", "assignments/")
    for code, subject, public in rows.values_list("code", "subject", "source__public"):
        who = seen.get(subject, frozenset()) if subject.startswith(about_people) else EVERYBODY
        yield "statements", code, who if public else who - {"visitors"}


def everything(apps):
    """The kind, the code and the audience of each record."""
    yield from things(apps)
    seen = dict(people(apps))
    for path, who in seen.items():
        resource, _slash, code = path.partition("/")
        yield resource, code, who
    yield from statements(apps, seen)


def fill(apps, schema_editor):
    audiences, told = (apps.get_model("organizations", name) for name in ("Audience", "ToldRecord"))
    keys, rows = {}, []
    for resource, code, who in everything(apps):
        if not who:
            continue
        if who not in keys:
            keys[who] = audiences.objects.get_or_create(words=" ".join(sorted(who)))[0].pk
        rows.append(told(resource=resource, code=code, audience_id=keys[who]))
        if len(rows) == AT_ONCE:
            told.objects.bulk_create(rows)
            rows = []
    told.objects.bulk_create(rows)


def empty(apps, schema_editor):
    apps.get_model("organizations", "ToldRecord").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("missions", "0003_people_files_imported"),
        ("observers", "0003_erasures"),
        ("organizations", "0008_feed"),
    ]

    operations = [migrations.RunPython(fill, empty)]
