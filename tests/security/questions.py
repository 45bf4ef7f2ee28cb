"""Random questions at every door, to be asked twice: what is drawn names hidden and visible records alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from hypothesis import strategies as st

from config.api import router
from lib.filters import AnyOfChoices, AnyOfCodes, Day, ModifiedAfter, Year, YesNo
from missions.answer import BY, AnswerFilterSet
from missions.matrix import COLUMNS, MEASURES, ROWS
from missions.models import Assignment
from organizations.models import Record
from tests.security.pieces import HIDDEN_PERSONS
from tests.security.seen_by_all import FAMILY_NAMES, MERGED_INTO_C, SHOWN, WORD, uuid_of

RESOURCES = {resource: viewset for resource, viewset, _basename in router.registry}
PAGES = (
    "assignments",
    "deployments",
    "elections",
    "invitations",
    "missions",
    "observers",
    "organizations",
    "sources",
)
PAGES_OF_RECORDS = {resource: resource.removesuffix("s") for resource in PAGES if resource != "assignments"}
RECONCILED = ("elections", "missions", "deployments")
SEND = "admin:missions_people_send"

# With accents, Cyrillic, a piece of a word, and the name of somebody whom everybody sees.
FILLED_IN = (WORD, "Quökka", "Ершов", "Ó Briain", "Адамс", *FAMILY_NAMES.values())
SEARCHED = (
    *FILLED_IN,
    "quok",
    "quokka@example.org",
    "ершов",
    "briain robin",
    "robin",
    "adams",
    "memo",
    "alliance",
    "northland",
    "secretariat",
    "kazakhstan",
    "australia",
    "observers/",
    "head",
    *HIDDEN_PERSONS[:3],
    uuid_of(210),
    "kg-council",
    "kg",
)
DAYS = ("2030-06-02", "2030-06-09", "2028-05-05", "2031-03-01", "2031-01-01T00:00:00Z", "2031-03-01T00:00:00Z")
LOOKUPS = ("__startswith", "__contains", "__regex", "__gt", "")
# Columns and paths by which a list of the admin must not be asked.
PATHS = {
    "observers": ("email", "phone", "internal_note", "names__family_name", "assignments__accreditation_number"),
    "assignments": ("observer__email", "observer__phone", "accreditation_number", "observer__names__family_name"),
    "missions": ("internal_note", "assignments__observer__family_name", "assignments__accreditation_number"),
    "deployments": ("internal_note", "assignments__observer__family_name", "election__missions__internal_note"),
    "merges": ("snapshot", "kept__email"),
    "users": ("password", "staff_roles__role"),
    "changedrecords": ("personal_values__after", "change__by__email"),
}
OF_ANY_KIND = ("owner__kept_observers__email", "sources__assignments__observer__family_name", "search_text", "owner")


@dataclass(frozen=True)
class Question:
    """What is asked at which door. What is sent makes it a POST; `then` says what is looked at afterwards."""

    door: str
    address: str
    sent: Any = None
    then: str = ""


class Drawn:
    """The strategies, for the keys and codes of one world."""

    def __init__(self, codes: dict[str, list[str]], keys: dict[str, dict[str, int]], keeper: str) -> None:
        self.codes, self.keys, self.keeper = codes, keys, keeper
        self.missing = uuid_of(999)

    # Values

    def code(self, resource: str) -> Any:
        return st.sampled_from([*self.codes[resource], self.missing])

    def key(self, resource: str) -> Any:
        return st.sampled_from([*self.keys[resource].values(), 999_999])

    def shown(self) -> Any:
        """The key of a person whom everybody sees."""
        return st.sampled_from([self.keys["observers"][code] for code in SHOWN.values()])

    def owner(self) -> Any:
        """Who is to keep a new record: as a rule whom the actor writes for, now and then somebody else."""
        own = str(self.keys["organizations"][self.keeper]) if self.keeper else ""
        return st.one_of(st.just(own), st.just(own), self.key("organizations").map(str))

    def value(self, name: str, filter_: Any) -> Any:
        if isinstance(filter_, AnyOfCodes):
            kind = {"inviter": "organizations", "invitee": "organizations", "organizer": "organizations"}
            kind |= {"sender": "organizations", "member_organization": "organizations", "in_election": "elections"}
            resource = kind.get(name, f"{name}s")
            return self.code(
                resource if resource in self.codes else "organizations" if name == "part_of" else "missions"
            )
        if isinstance(filter_, YesNo):
            return st.sampled_from(["yes", "no"])
        if isinstance(filter_, Year):
            return st.sampled_from(["2030", "2028", "2019"])
        if isinstance(filter_, AnyOfChoices):
            named = {"KZ", "UZ", "AU", "TR", "KG", "MN", "en", "ru", "qq", "female"}
            offered = [code for code, _label in filter_.field.choices if code] if name != "written_in" else []
            return st.sampled_from([code for code in offered if len(offered) < 30 or code in named] or sorted(named))
        return st.sampled_from(DAYS if isinstance(filter_, Day | ModifiedAfter) else SEARCHED)

    @st.composite
    @staticmethod
    def asked_of_list(
        draw: Any, self: Drawn, resource: str, more: dict[str, Any], filterset: Any = None
    ) -> list[tuple[str, str]]:
        """The parameters of a list: some filters, and what belongs to the answer."""
        filters = {**(filterset or RESOURCES[resource].filterset_class).base_filters}
        for name in more:
            filters.pop(name, None)
        names = draw(st.lists(st.sampled_from(sorted(filters)), max_size=2, unique=True))
        asked = [(name, draw(self.value(name, filters[name]))) for name in names]
        others = draw(st.lists(st.sampled_from(sorted(more)), max_size=2, unique=True)) if more else []
        return [*asked, *((name, draw(more[name])) for name in others)]

    # Pages and API

    def orders(self, resource: str) -> Any:
        fields = [*RESOURCES[resource].ordering_fields, "email", "internal_note"]
        return st.sampled_from([f"{sign}{name}" for name in fields for sign in ("", "-")])

    @st.composite
    @staticmethod
    def list_of_api(draw: Any, self: Drawn) -> Question:
        resource = draw(st.sampled_from([*RESOURCES, "observers", "observer-names", "assignments", "statements"]))
        columns = [*RESOURCES[resource].model().columns, "code", "modified_at"]
        more = {
            "ordering": self.orders(resource),
            "page_size": st.sampled_from(["1", "2", "3"]),
            "count": st.just("exact"),
            "format": st.sampled_from(["csv", "json", "ndjson"]),
            "language": st.sampled_from(["en", "ru", "kk"]),
            "fields": st.lists(st.sampled_from(columns), min_size=1, max_size=3).map(",".join),
        }
        asked = draw(Drawn.asked_of_list(self, resource, more))
        then = draw(st.sampled_from(["", "", "next"]))
        return Question("api list", f"{reverse(f'api:{resource}-list')}?{urlencode(asked)}", then=then)

    @st.composite
    @staticmethod
    def record_of_api(draw: Any, self: Drawn) -> Question:
        resource = draw(st.sampled_from([*RESOURCES, "observers", "assignments", "sources", "missions"]))
        code = draw(self.code(resource))
        return Question("api record", reverse(f"api:{resource}-detail", args=[code]))

    @st.composite
    @staticmethod
    def reading(draw: Any, self: Drawn) -> Question:
        resource = draw(st.sampled_from(RECONCILED))
        asked = [("kind", draw(st.sampled_from(["announced", "accredited", "deployed"])))]
        if draw(st.booleans()):
            asked.append(("format", "csv"))
        address = reverse(f"api:{resource}-reconciliation", args=[draw(self.code(resource))])
        return Question("reading", f"{address}?{urlencode(asked)}")

    @st.composite
    @staticmethod
    def sums(draw: Any, self: Drawn) -> Question:
        """The matrix as page and as API, the answer to a question, and, since they take long, at times the facets."""
        layout = {
            "rows": st.sampled_from(list(ROWS)),
            "columns": st.sampled_from(list(COLUMNS)),
            "measure": st.sampled_from(list(MEASURES)),
        }
        address, more, filterset = draw(
            st.sampled_from(
                [
                    *([(reverse("matrix"), layout, None)] * 3),
                    *([(reverse("api:deployments-matrix"), {**layout, "format": st.just("csv")}, None)] * 4),
                    *([(reverse("answer"), {"by": st.sampled_from(list(BY))}, AnswerFilterSet)] * 3),
                    (reverse("api:deployments-facets"), {}, None),
                ]
            )
        )
        asked = draw(Drawn.asked_of_list(self, "deployments", more, filterset))
        return Question("sums", f"{address}?{urlencode(asked)}")

    @st.composite
    @staticmethod
    def list_page(draw: Any, self: Drawn) -> Question:
        resource = draw(st.sampled_from(PAGES))
        more = {
            "ordering": self.orders(resource),
            "page_size": st.sampled_from(["25", "50"]),
            "page": st.sampled_from(["1", "2"]),
            "format": st.sampled_from(["csv", "ndjson"]),
        }
        return Question(
            "list page", f"{reverse(resource)}?{urlencode(draw(Drawn.asked_of_list(self, resource, more)))}"
        )

    @st.composite
    @staticmethod
    def record_page(draw: Any, self: Drawn) -> Question:
        resource = draw(st.sampled_from([*PAGES_OF_RECORDS, "observers"]))
        address = reverse(PAGES_OF_RECORDS[resource], args=[draw(self.code(resource))])
        asked = {"kind": "announced", "view": "table"} if resource == "elections" and draw(st.booleans()) else {}
        return Question("record page", f"{address}?{urlencode(asked)}" if asked else address)

    def other_page(self) -> Any:
        merged = [reverse("observer", args=[uuid_of(number)]) for number in (210, 214, 216, 219)]
        addresses = [
            reverse("home"),
            reverse("about-the-record"),
            reverse("countries"),
            reverse("country", args=["KZ"]),
            reverse("country", args=["AU"]),
            f"{reverse('calendar')}?month=2030-06",
            f"{reverse('calendar')}?format=ics",
            reverse("method"),
            *(f"{reverse('search')}?{urlencode({'q': text})}" for text in SEARCHED),
            reverse("api:dataset"),
            reverse("api:api-root"),
            reverse("account"),
            reverse("observer", args=[MERGED_INTO_C]),
            *merged,
        ]
        return st.sampled_from(addresses).map(lambda address: Question("other page", address))

    # The admin

    @property
    def models(self) -> list[Any]:
        return sorted(admin.site._registry, key=lambda model: model._meta.label_lower)

    def address_in_admin(self, model: Any, page: str, *args: Any) -> str:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)

    @st.composite
    @staticmethod
    def autocomplete(draw: Any, self: Drawn) -> Question:
        relations = [(model, name) for model in self.models for name in relations_of(model)]
        persons = [(model, name) for model, name in relations if related_to(model, name) == "observers"]
        model, name = draw(st.one_of(st.sampled_from(relations), st.sampled_from(persons)))
        asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": name}
        asked["term"] = draw(st.one_of(st.just(""), st.sampled_from(SEARCHED)))
        if draw(st.booleans()):
            asked["page"] = draw(st.sampled_from(["1", "2"]))
        return Question("autocomplete", f"{reverse('admin:autocomplete')}?{urlencode(asked)}")

    @st.composite
    @staticmethod
    def changelist(draw: Any, self: Drawn) -> Question:
        model = draw(st.sampled_from(self.models))
        asked = []
        for what in draw(
            st.lists(st.sampled_from(["q", "filter", "order", "lookup", "facets"]), max_size=2, unique=True)
        ):
            if what == "q":
                asked.append(("q", draw(st.sampled_from(SEARCHED))))
            elif what == "order":
                asked.append(("o", draw(st.sampled_from(["1", "-1", "2.1", "-3"]))))
            elif what == "facets":
                asked.append(("_facets", "True"))
            elif what == "lookup":
                name = draw(st.sampled_from(PATHS.get(resource_of(model), OF_ANY_KIND))) + draw(
                    st.sampled_from(LOOKUPS)
                )
                asked.append((name, draw(st.sampled_from([*FILLED_IN[:3], "q", "", "True", "1"]))))
            elif filters := admin.site._registry[model].list_filter:
                chosen = draw(st.sampled_from(filters))
                name = getattr(chosen, "parameter_name", chosen)
                values = [
                    "AU",
                    "KZ",
                    "2019",
                    "2030",
                    "1",
                    "True",
                    "spreadsheet",
                    "deleted",
                    "observers",
                    "accounts",
                    "om",
                ]
                asked.append(
                    (
                        name if name in {"year", "by"} else f"{name}__exact" if name == chosen else name,
                        draw(st.sampled_from(values)),
                    )
                )
        return Question("changelist", f"{self.address_in_admin(model, 'changelist')}?{urlencode(asked)}")

    @st.composite
    @staticmethod
    def record_in_admin(draw: Any, self: Drawn) -> Question:
        """Its form, what deleting it would take along, and what became of it."""
        models = {resource_of(model): model for model in self.models}
        resource = draw(st.sampled_from([*sorted(models.keys() & self.keys.keys()), "observers", "assignments"]))
        page = draw(st.sampled_from(["change", "history", "delete"]))
        return Question(page, self.address_in_admin(models[resource], page, draw(self.key(resource))))

    @st.composite
    @staticmethod
    def blank_form(draw: Any, self: Drawn) -> Question:
        """A form that the address fills with what it names."""
        model = draw(st.sampled_from([model for model in self.models if issubclass(model, Record)]))
        records = [name for name in relations_of(model) if related_to(model, name)]
        names = draw(st.lists(st.sampled_from(records), max_size=2, unique=True)) if records else []
        asked = {name: draw(self.code(related_to(model, name))) for name in names}
        return Question("blank form", f"{self.address_in_admin(model, 'add')}?{urlencode(asked)}")

    @st.composite
    @staticmethod
    def other_of_admin(draw: Any, self: Drawn) -> Question:
        shown = st.sampled_from(["", "conflict", "gap", "named-mission", "named-deployment", "source-assignment"])
        persons = st.sampled_from([*SHOWN.values(), *HIDDEN_PERSONS, MERGED_INTO_C, uuid_of(210), uuid_of(216)])
        address, asked = draw(
            st.one_of(
                st.just((reverse("admin:index"), {})),
                st.just((reverse(SEND), {})),
                shown.map(lambda key: (reverse("to-check"), {"show": key} if key else {})),
                st.tuples(persons, persons).map(
                    lambda two: (reverse("admin:observers_observer_merge"), {"kept": two[0], "merged": two[1]})
                ),
                self.key("merges").map(lambda key: (reverse("admin:observers_merge_undo", args=[key]), {})),
                st.sampled_from([uuid_of(500), uuid_of(501)]).map(
                    lambda code: (reverse("admin:missions_people_preview", args=[code]), {})
                ),
                st.sampled_from([uuid_of(500), uuid_of(501)]).map(
                    lambda code: (reverse("admin:missions_people_refused", args=[code]), {})
                ),
            )
        )
        return Question("other of the admin", f"{address}?{urlencode(asked)}" if asked else address)

    @st.composite
    @staticmethod
    def spreadsheet(draw: Any, self: Drawn) -> Question:
        """A list of people, some of them called as somebody hidden, or with a hidden e-mail."""
        names = [*(f"{name} Robin" for name in FILLED_IN), "Robin Quokka", "Smith John"]
        emails = ["", "quokka@example.org", "Ершов@example.org", "robin@example.org"]
        header = draw(st.sampled_from(["name,email,nationality,role", "who,email,nationality,role"]))
        rows = [
            ",".join(
                [
                    draw(st.sampled_from(names)),
                    draw(st.sampled_from(emails)),
                    draw(st.sampled_from(["", "KZ", "AU"])),
                    draw(st.sampled_from(["", "expert", "head"])),
                ]
            )
            for _number in range(draw(st.integers(1, 3)))
        ]
        sent = {
            "file": "\n".join([header, *rows]),
            "mission": draw(self.code("missions")),
            "sender": draw(st.sampled_from(["", "", "kg-from-a", "kg-from-au", "UZ", "AU"])),
            "source": draw(st.sampled_from(["", "gazette", "memo"])),
            "owner": draw(st.sampled_from([self.keeper, self.keeper, "westland-office"])),
            "role": draw(st.sampled_from(["short_term", "expert"])),
        }
        then = draw(st.sampled_from(["preview", "preview", "decide", "import"]))
        return Question("spreadsheet", reverse(SEND), sent, then)

    @st.composite
    @staticmethod
    def ladder(draw: Any, self: Drawn) -> Question:
        subject = draw(st.sampled_from(RECONCILED))
        sent = {
            subject.removesuffix("s"): str(draw(self.key(subject))),
            "kind": draw(st.sampled_from(["announced", "accredited"])),
            "group": "all",
            "basis": "total",
            "qualifier": "exact",
            "value": draw(st.sampled_from(["5", "777", ""])),
            "as_of": "2030-06-01",
            "source": str(draw(self.key("sources"))),
            "counted": "on",
        }
        return Question("ladder", reverse("admin:missions_headcount_ladder"), sent)

    @st.composite
    @staticmethod
    def new_person(draw: Any, self: Drawn) -> Question:
        sent = {
            "family_name": draw(st.sampled_from(FILLED_IN)),
            "given_names": "Robin",
            "nationality": draw(st.sampled_from(["", "AU"])),
            "email": draw(st.sampled_from(["", "quokka@example.org"])),
            "owner": draw(self.owner()),
            **blank_rows("names", "assignments"),
        }
        return Question("new person", self.address_in_admin(model_of("observers"), "add"), sent, "record")

    @st.composite
    @staticmethod
    def new_place(draw: Any, self: Drawn) -> Question:
        sent = {
            "observer": str(draw(st.one_of(self.shown(), self.shown(), self.key("observers")))),
            "mission": draw(st.one_of(self.key("missions").map(str), st.just(""))),
            "deployment": draw(st.one_of(st.just(""), self.key("deployments").map(str))),
            "role": draw(st.sampled_from(["short_term", "expert", "head"])),
            "owner": draw(self.owner()),
            "sources": [str(draw(self.key("sources")))],
        }
        return Question("new place", self.address_in_admin(Assignment, "add"), sent, "record")

    @st.composite
    @staticmethod
    def new_statement(draw: Any, self: Drawn) -> Question:
        resource = draw(st.sampled_from(["observers", "observer-names", "assignments", "missions"]))
        sent = {
            "subject": f"{resource}/{draw(self.code(resource))}",
            "field": draw(st.sampled_from(["family_name", "post", "status", "email", "accreditation_number"])),
            "value": "another",
            "source": str(draw(self.key("sources"))),
            "owner": draw(self.owner()),
        }
        return Question("new statement", self.address_in_admin(model_of("statements"), "add"), sent, "record")

    @st.composite
    @staticmethod
    def new_spelling(draw: Any, self: Drawn) -> Question:
        """Another spelling and another place, in the form of somebody whom everybody sees."""
        key = draw(self.shown())
        sent = {
            "family_name": draw(st.sampled_from(list(FAMILY_NAMES.values()))),
            "given_names": "Robin",
            "nationality": "KZ",
            "owner": draw(self.owner()),
            **blank_rows("names", "assignments"),
            "names-TOTAL_FORMS": "1",
            "names-0-observer": str(key),
            "names-0-family_name": draw(st.sampled_from(FILLED_IN)),
            "names-0-given_names": "Robin",
            "names-0-language": draw(st.sampled_from(["ru", "qq"])),
            "names-0-source": str(draw(self.key("sources"))),
        }
        return Question("new spelling", self.address_in_admin(model_of("observers"), "change", key), sent)

    @st.composite
    @staticmethod
    def changed_mission(draw: Any, self: Drawn) -> Question:
        """A mission whose organizer or election is changed."""
        key = self.keys["missions"][
            draw(st.sampled_from(["kg-council", "kg-secretariat", "mn-secretariat", "mn-council"]))
        ]
        sent = {
            "election": str(draw(self.key("elections"))),
            "organizer": str(draw(self.key("organizations"))),
            "kind": "om",
            "status": "announced",
            "owner": draw(self.owner()),
            "sources": [str(self.keys["sources"]["gazette"])],
            **blank_rows("head_counts"),
        }
        return Question("changed mission", self.address_in_admin(model_of("missions"), "change", key), sent)

    @st.composite
    @staticmethod
    def entry(draw: Any, self: Drawn) -> Question:
        """A page of entry: a paper, an election, a party through a mission, a person, a figure of the record."""
        people = st.sampled_from([*(f"{name} Robin" for name in FILLED_IN), *HIDDEN_PERSONS, "Quokka, Robin"])
        organizations = st.one_of(self.code("organizations"), st.sampled_from(SEARCHED))
        kinds = ("sources", "parties", "channels", "invitations", "missions", "counts", "names")
        sent = {
            **blank_rows(*kinds),
            **{f"{kind}-TOTAL_FORMS": "1" for kind in kinds},
            "keeper-owner": draw(self.owner()),
            "sources-0-address": draw(self.code("sources")),
            "election-election": draw(st.one_of(self.code("elections"), st.sampled_from(SEARCHED))),
            "parties-0-sender": draw(st.sampled_from(["KZ", "AU", "northland", *SEARCHED])),
            "parties-0-how_many": "5",
            "parties-0-kind": "announced",
            "parties-0-status": "announced",
            "channels-0-as_named": draw(organizations),
            "invitations-0-response": "none",
            "counts-0-kind": "accredited",
            "counts-0-group": "all",
            "counts-0-basis": "total",
            "names-0-person": draw(people),
            "names-0-role": draw(st.sampled_from(["short_term", "expert"])),
            "names-0-mission": draw(organizations),
            **{f"{kind}-0-by": "0" for kind in kinds[1:]},
        }
        said = self.code("head-counts").map(lambda code: f"same:{code}")
        sent["do"] = draw(st.one_of(st.sampled_from(["check", "save", "add:names"]), said))
        return Question("entry", reverse("entry"), sent)

    def at_door(self, door: str) -> Any:
        if door == "other page":
            return self.other_page()
        return DOORS[door](self)


# A strategy for each door but one, and how many of 200 questions are put there: by programs, by those who enter data,
# and by everybody else, who are refused at the admin, which must not tell anything either.
DOORS = {
    "api list": Drawn.list_of_api,
    "api record": Drawn.record_of_api,
    "reading": Drawn.reading,
    "sums": Drawn.sums,
    "list page": Drawn.list_page,
    "record page": Drawn.record_page,
    "autocomplete": Drawn.autocomplete,
    "changelist": Drawn.changelist,
    "record in the admin": Drawn.record_in_admin,
    "blank form": Drawn.blank_form,
    "other of the admin": Drawn.other_of_admin,
    "spreadsheet": Drawn.spreadsheet,
    "ladder": Drawn.ladder,
    "new person": Drawn.new_person,
    "new place": Drawn.new_place,
    "new statement": Drawn.new_statement,
    "new spelling": Drawn.new_spelling,
    "changed mission": Drawn.changed_mission,
    "entry": Drawn.entry,
}
BY_PROGRAMS = {"api list": 100, "api record": 60, "reading": 20, "sums": 20}
BY_READERS = {
    "api list": 70,
    "api record": 30,
    "reading": 10,
    "sums": 14,
    "list page": 20,
    "record page": 32,
    "other page": 14,
    "autocomplete": 3,
    "changelist": 4,
    "record in the admin": 3,
}
BY_CLERKS = {
    "api list": 30,
    "api record": 14,
    "reading": 4,
    "sums": 8,
    "list page": 10,
    "record page": 14,
    "other page": 6,
    "autocomplete": 24,
    "changelist": 20,
    "record in the admin": 20,
    "blank form": 6,
    "other of the admin": 8,
    "spreadsheet": 8,
    "ladder": 2,
    "new person": 2,
    "new place": 6,
    "new statement": 4,
    "new spelling": 2,
    "changed mission": 2,
    "entry": 10,
}


def shares_of(actor: str) -> dict[str, int]:
    if actor == "token_b":
        return BY_PROGRAMS
    return BY_READERS if actor in {"visitor", "member", "viewer_a"} else BY_CLERKS


def blank_rows(*prefixes: str) -> dict[str, str]:
    """The rows below a record, of which none is typed."""
    endings = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}
    return {f"{prefix}-{ending}": value for prefix in prefixes for ending, value in endings.items()}


def relations_of(model: Any) -> list[str]:
    return [each.name for each in (*model._meta.fields, *model._meta.many_to_many) if each.is_relation]


def related_to(model: Any, name: str) -> str:
    """The resource to which the field points; blank where that is none."""
    related = model._meta.get_field(name).related_model
    return related.resource() if issubclass(related, Record) else ""


def resource_of(model: Any) -> str:
    return model.resource() if issubclass(model, Record) else f"{model._meta.model_name}s"


def model_of(resource: str) -> Any:
    return RESOURCES[resource].model()
