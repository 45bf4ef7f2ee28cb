"""What is pointed to, sent along or written over by whom it does not belong: refused like what there is not."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.urls import reverse

from missions.models import Assignment, Mission, PeopleFile
from observers.models import Merge, Observer
from organizations.models import ApiToken, Organization, StaffRole, User
from tests.admin_pages import add_rows, address_of, refusals, untouched
from tests.conftest import everything_stored
from tests.security import table
from tests.security.objects import things

WRITERS = ("coordinator A", "coordinator B", "organizer M", "administrator")
# They write as coordinator A does; what is another's differs.
ONLY_WHAT_IS_ANOTHERS = {"coordinator B", "organizer M"}
ABSENT = 10**9


def foreign_to(world, actor, model):
    """Records to which the actor may not point, by what they are to whom."""
    made, persons = world.made, world.persons
    hidden = {
        "coordinator A": [persons["b", "paper"], persons["b", "roster"], persons["o", "paper"]],
        "coordinator B": [persons["a", "paper"], persons["a", "withheld"]],
        # Whom an organizer sees it does not place elsewhere: it would make the name public.
        "organizer M": [persons["a", "paper"], persons["a", "lent"], persons["b", "roster"]],
        "administrator": [persons["a", "paper"], persons["b", "withheld"]],
    }
    others = {
        "coordinator A": [made.b, made.m],
        "coordinator B": [made.a],
        "organizer M": [made.a, made.n],
        "administrator": [],
    }
    return {"observer": hidden[actor], "organization": others[actor]}.get(model._meta.model_name, [])


def boxes(page):
    """Each box of the page that points to records: the name under which it is sent, and the box. Blank rows too."""
    for name, box in page.context["adminform"].form.fields.items():
        if isinstance(box, ModelChoiceField):
            yield name, name, box
    for rows in page.context["inline_admin_formsets"]:
        number = rows.formset.initial_form_count()
        for name, box in rows.formset.empty_form.fields.items():
            if isinstance(box, ModelChoiceField) and name not in {"id", rows.formset.fk.name}:
                yield name, f"{rows.formset.prefix}-{number}-{name}", box


def sent_with(client, address, page, box_name, key):
    """The form as it stands, with this key in one box, and what comes back."""
    sent = untouched(page)
    prefix, _dash, rest = box_name.partition("-")
    if rest:
        add_rows(page, sent, prefix, int(rest.partition("-")[0]) + 1)
    many = isinstance({name: box for _n, name, box in boxes(page)}[box_name], ModelMultipleChoiceField)
    sent[box_name] = [str(key)] if many else str(key)
    with transaction.atomic():
        answer = client.post(address, sent)
        transaction.set_rollback(True)
    assert answer.status_code == 200, (address, box_name, key)
    return [sentence.replace(str(key), "…") for sentence in refusals(answer).get(box_name, [])]


def test_what_one_may_not_point_to_is_refused_in_the_words_for_what_there_is_not(world, clients):
    wrong, checked, foreign_keys, tried = [], 0, 0, set()
    stored = everything_stored()
    for actor in WRITERS:
        for address in forms_of(world, actor):
            page = clients[actor].get(address)
            assert page.status_code == 200, (actor, address)
            for name, box_name, box in boxes(page):
                if actor in ONLY_WHAT_IS_ANOTHERS and not (name == "owner" or box.queryset.model is Observer):
                    continue
                missing = sent_with(clients[actor], address, page, box_name, ABSENT)
                checked += 1
                tried.add((page.context["opts"].model, name) if name == box_name else name)
                if not missing:
                    wrong.append((actor, address, box_name, "what there is not"))
                offered = box.queryset.model
                may_be_foreign = name == "owner" or offered is Observer
                for record in foreign_to(world, actor, offered) if may_be_foreign else ():
                    foreign_keys += 1
                    if sent_with(clients[actor], address, page, box_name, record.pk) != missing:
                        wrong.append((actor, address, box_name, str(record)))
    assert wrong == []
    assert everything_stored() == stored
    assert pointing() - tried == set()
    assert checked >= 60
    assert foreign_keys >= 30


def pointing():
    """By introspection: each foreign key and each link to several that a form of the admin has a box for."""
    found = {
        (model, name)
        for model, model_admin in admin.site._registry.items()
        if model is not User and model_admin.fieldsets
        for name in flatten_fieldsets(model_admin.fieldsets)
        if model._meta.get_field(name).is_relation
    }
    assert len(found) >= 30
    return found


def forms_of(world, actor):
    """The form for adding each kind that the actor adds, and one for changing it."""
    found = things(world)
    for model in admin.site._registry:
        kind = model._meta.label_lower.replace(".", "_")
        added = table.KINDS_IN_THE_ADMIN[kind][1]
        # What coordinators add, an administrator adds as they do, but for the persons of others.
        is_tried = actor != "administrator" or added["coordinator A"] != 200 or model is Assignment
        if added[actor] != 200 or model is User or not is_tried:
            continue
        yield address_of(model, "add")
        of_kind = found[model.resource()]
        own = next((each for each in of_kind if actor in each.deleted_by), None)
        # The names and members of an organization are not shown where one is added.
        if own and model is Organization:
            yield address_of(model, "change", own.record)


# Rows below a record


def test_the_keeper_of_a_person_changes_no_place_that_an_organizer_has_made(world, clients):
    """Boxes of others' rows stay as they are, whatever is posted; such a row is not deleted either."""
    person, place = world.persons["a", "guest"], world.places["a", "guest"]["taken"]
    address = address_of(Observer, "change", person)
    page = clients["coordinator A"].get(address)
    sent = untouched(page)
    [number] = [
        name.split("-")[1]
        for name, key in sent.items()
        if name.endswith("-id") and key == str(place.pk) and name.startswith("assignments-")
    ]
    prefix = f"assignments-{number}"
    # What the form would take: of canaries it says that they are no gender and no languages.
    sent |= {"gender": "female", "languages": "en"}
    before = everything_stored()["missions.Assignment"]
    sent |= {
        f"{prefix}-role": "head",
        f"{prefix}-status": "no_show",
        f"{prefix}-post": "typed",
        f"{prefix}-mission": str(world.made.mission_m.pk),
        f"{prefix}-DELETE": "on",
    }
    answer = clients["coordinator A"].post(address, sent)
    assert answer.status_code == 302, refusals(answer)
    assert everything_stored()["missions.Assignment"] == before


@pytest.mark.parametrize("whose", ["foreign", "missing"])
def test_a_row_of_another_record_is_no_row_of_this_one(world, clients, whose):
    """The hidden key of a row is changed to that of a row elsewhere."""
    person, elsewhere = world.persons["a", "open"], world.persons["b", "paper"].names.first()
    address = address_of(Observer, "change", person)
    sent = untouched(clients["coordinator A"].get(address))
    key = {"foreign": elsewhere.pk, "missing": ABSENT}[whose]
    before = everything_stored()["observers.ObserverName"]
    sent |= {"names-0-id": str(key), "names-0-family_name": "typed"}
    answer = clients["coordinator A"].post(address, sent)
    assert answer.status_code == 200
    assert everything_stored()["observers.ObserverName"] == before
    assert "canary-b-" not in answer.content.decode()


# Columns that no form offers


def every_column(model, **typed):
    """Something for each column of the model, as somebody might send who has read its code."""
    sent = {field.name: "typed" for field in model._meta.fields}
    return {
        **sent,
        "id": "1",
        "code": "typed",
        "search_text": "typed",
        "modified_at": "2001-01-01",
        "owner": "",
        **typed,
    }


def says(record):
    fields = record._meta.model.objects.filter(pk=record.pk).values().get()
    return {name: value for name, value in fields.items() if name not in {"modified_at", "search_text"}}


def test_an_organizer_changes_status_region_area_and_number_of_a_place_and_nothing_else(world, clients):
    place = world.places["a", "open"]["place"]
    address = address_of(Assignment, "change", place)
    before = says(place)
    sent = untouched(clients["organizer M"].get(address))
    sent |= every_column(
        Assignment,
        observer=str(world.persons["b", "open"].pk),
        mission=str(world.made.mission_n.pk),
        deployment=str(world.made.deployment_b.pk),
        owner=str(world.made.m.pk),
        role="head",
        starts_on="2030-06-01",
        ends_on="2030-06-02",
        status="accredited",
        region=str(world.made.open.region.pk),
        area="typed area",
        accreditation_number="4711",
    )
    answer = clients["organizer M"].post(address, sent)
    assert answer.status_code == 302, refusals(answer)
    changed = {name: value for name, value in says(place).items() if value != before[name]}
    assert changed == {
        "status": "accredited",
        "region_id": world.made.open.region.pk,
        "area": "typed area",
        "accreditation_number": "4711",
    }


def test_an_organizer_does_not_take_a_mission_from_its_keeper(world, clients):
    mission = world.made.mission_a
    address = address_of(Mission, "change", mission)
    before = says(mission)
    sent = untouched(clients["organizer M"].get(address))
    sent |= {"owner": str(world.made.m.pk), "code": "typed", "name": "Typed", "id": "1"}
    assert clients["organizer M"].post(address, sent).status_code == 302
    changed = {name: value for name, value in says(mission).items() if value != before[name]}
    assert changed == {"name": "Typed"}


def test_of_a_person_an_organizer_changes_nothing(world, clients):
    person = world.persons["a", "open"]
    before = everything_stored()
    address = address_of(Observer, "change", person)
    for actor in ("organizer M", "data protection"):
        page = clients[actor].get(address)
        assert page.status_code == 200
        clients[actor].post(address, {**untouched(page), **every_column(Observer), "withheld": "on"})
    after = everything_stored()
    assert {name for name in before if before[name] != after[name]} == set()


def test_what_no_form_offers_is_not_taken_from_it(world, clients):
    """Every column of the model is sent: the keeper changes those of the form, in the keeper's own name."""
    person = world.persons["a", "roster"]
    address = address_of(Observer, "change", person)
    before = says(person)
    sent = untouched(clients["coordinator A"].get(address))
    typed = {"languages": "en", "nationality": "KZ", "gender": "female", "email": "typed@example.org", "withheld": ""}
    sent |= every_column(Observer, owner=str(world.made.a.pk), **typed)
    answer = clients["coordinator A"].post(address, sent)
    assert answer.status_code == 302, refusals(answer)
    after = says(person)
    assert {name for name in before if before[name] != after[name]} == {
        "family_name",
        "given_names",
        "nationality",
        "gender",
        "email",
        "phone",
        "languages",
        "internal_note",
    }


# Other forms


@pytest.mark.parametrize(
    ("box", "foreign"),
    [("owner", "office-b"), ("mission", "x"), ("source", "x"), ("sender", "deployment-x")],
)
def test_a_list_of_people_is_not_sent_for_what_one_may_not_point_to(world, clients, box, foreign):
    """An organization for which one does not write is refused like one that there is not."""
    told = []
    for value in (foreign, "nothing-of-that-code"):
        content = SimpleUploadedFile("people.csv", b"family name,given names\nTyped,Robin\n")
        sent = {"file": content, "mission": "mission-m", "owner": "office-a", "role": "short_term", box: value}
        answer = clients["coordinator A"].post(reverse("admin:missions_people_send"), sent)
        assert answer.status_code == 200
        told.append([sentence.replace(value, "…") for sentence in answer.context["form"].errors[box]])
    assert told[0] == told[1] != []
    assert PeopleFile.objects.count() == 2


@pytest.mark.parametrize("do", ["columns", "decide", "cancel", "import"])
def test_anothers_list_of_people_is_not_there(world, clients, do):
    told = []
    for code in (world.made.file_b.code, "00000000-0000-4000-8000-000000000000"):
        address = reverse("admin:missions_people_preview", args=[code])
        answer = clients["coordinator A"].post(address, {"do": do}, follow=True)
        told.append([str(message) for message in answer.context["messages"]])
    assert told[0] == told[1] != []
    assert PeopleFile.objects.filter(pk=world.made.file_b.pk).exists()


@pytest.mark.parametrize("actor", ["coordinator B", "organizer M", "administrator"])
def test_persons_of_others_are_not_merged(world, clients, actor):
    """Neither by the page nor by the action of the list, to which keys are posted."""
    kept, merged = world.persons["a", "paper"], world.persons["a", "roster"]
    absent = ["00000000-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000001"]
    told = []
    for codes in ([kept.code, merged.code], absent):
        address = f"{reverse('admin:observers_observer_merge')}?kept={codes[0]}&merged={codes[1]}"
        answer = clients[actor].post(address, follow=True)
        told.append([str(m).replace(codes[0], "…").replace(codes[1], "…") for m in answer.context["messages"]])
    assert told[0] == told[1] != []
    chosen = {"action": "merge_two", "_selected_action": [str(kept.pk), str(merged.pk)]}
    nobody = {"action": "merge_two", "_selected_action": [str(ABSENT), str(ABSENT + 1)]}
    answers = [clients[actor].post(address_of(Observer), sent, follow=True) for sent in (chosen, nobody)]
    assert len({tuple(str(m) for m in answer.context["messages"]) for answer in answers}) == 1
    assert Merge.objects.count() == 1


@pytest.mark.parametrize("actor", ["coordinator B", "organizer M", "administrator", "data protection"])
def test_anothers_merge_is_not_undone(world, clients, actor):
    addresses = [reverse("admin:observers_merge_undo", args=[key]) for key in (world.made.merge.pk, ABSENT)]
    told = [clients[actor].post(address).status_code for address in addresses]
    assert told == [404, 404]
    assert not Merge.objects.filter(undone_at__isnull=False).exists()


def test_nothing_is_deleted_by_the_dozen_by_whoever_asks(world, clients):
    """`delete_selected` is posted to every list, with every key."""
    before, posted = everything_stored(), 0
    for actor in ("coordinator A", "data protection", "administrator"):
        for model in admin.site._registry:
            keys = [str(key) for key in model._default_manager.values_list("pk", flat=True)]
            sent = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
            clients[actor].post(address_of(model), sent)
            posted += 1
    assert posted >= 48
    after = everything_stored()
    assert {name for name in before if before[name] != after[name]} == set()


def test_anothers_token_is_not_revoked(world, clients):
    digests = list(ApiToken.objects.values_list("digest", flat=True))
    for digest in (*digests, "nothing"):
        answer = clients["coordinator B"].post(reverse("revoke-token"), {"token": digest})
        assert answer.status_code == 404
    assert ApiToken.objects.count() == len(digests) == 3


def test_a_token_is_made_for_nobody_else_and_with_no_more_than_one_may(world, clients):
    sent = {"name": "typed", "scope": "write", "days": "5", "user": str(world.users["administrator"].pk), "expiry": ""}
    clients["viewer A"].post(reverse("new-token"), sent)
    assert not ApiToken.objects.filter(name="typed").exists()
    clients["viewer A"].post(reverse("new-token"), {**sent, "scope": "read"})
    assert ApiToken.objects.get(name="typed").user == world.users["viewer A"]


def test_nobody_but_an_administrator_gives_rights_and_none_to_themselves(world, clients):
    before = list(User.objects.order_by("pk").values_list("pk", "is_superuser", "is_data_protection", "is_active"))
    roles = list(StaffRole.objects.order_by("pk").values_list())
    for actor in ("coordinator A", "data protection", "administrator"):
        user = world.users[actor]
        address = address_of(User, "change", user)
        page = clients[actor].get(address)
        sent = untouched(page) if page.status_code == 200 else {"username": user.username}
        sent |= {
            "is_superuser": "on",
            "is_data_protection": "on",
            "staff_roles-TOTAL_FORMS": "1",
            "staff_roles-INITIAL_FORMS": "0",
            "staff_roles-0-organization": str(world.made.b.pk),
            "staff_roles-0-role": "coordinator",
        }
        clients[actor].post(address, sent)
    assert (
        list(User.objects.order_by("pk").values_list("pk", "is_superuser", "is_data_protection", "is_active")) == before
    )
    assert list(StaffRole.objects.order_by("pk").values_list()) == roles
