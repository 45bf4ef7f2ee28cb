"""The lines of a page of entry: what they share, and those of the sources and of the election.

A line in which nothing is typed is no line. What is seldom needed stands behind “more”. The lines of what sources say
are in `missions.entry.facts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.dates import ForgivingDateField
from missions.entry.boxes import AsOfBox, DayBox, ElectionBox, LanguageBox, OfPaper, WordsBox
from missions.forms import CountInWordsField
from missions.models import Election
from organizations.countries import country_choices
from organizations.models import Organization, Source
from organizations.models.sources import language_format
from organizations.policy import coordinated_by, is_administrator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from missions.entry.finding import Finding

# The code of the fault that something needed is not typed.
MISSING = "missing"
# What may be typed of a source that is in the record, where the record has nothing.
FILLED_LATER = ("title", "publisher", "published_on", "language", "archive_url", "excerpt")
# The lists of words that the browser offers while one types, by their id on the page.
ORGANIZATIONS, SENDERS, ELECTIONS, SUBJECTS = "organizations", "senders", "elections", "subjects"


def words_box(kind: type[WordsBox], label: Any, *, offers: str = "", help_text: Any = "", size: int = 24) -> Any:
    attributes: dict[str, Any] = {"size": size, "autocomplete": "off"}
    attributes |= {"list": offers} if offers else {}
    return kind(
        label=label, required=False, max_length=300, help_text=help_text, widget=forms.TextInput(attrs=attributes)
    )


def text_box(label: Any, *, help_text: Any = "", longest: int = 250, rows: int = 0) -> Any:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"size": 28})
    return forms.CharField(label=label, required=False, max_length=longest, help_text=help_text, widget=widget)


def day_box(label: Any, *, help_text: Any = "", kind: type[ForgivingDateField] = DayBox) -> Any:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"placeholder": "2017-10-15", "size": 12})
    return kind(label=label, required=False, help_text=help_text, widget=widget)


def as_of_box(label: Any, help_text: Any) -> Any:
    widget = forms.TextInput(attrs={"placeholder": "2017-10-15", "size": 12})
    return AsOfBox(label=label, required=False, help_text=help_text, widget=widget)


def number_in_words_box(label: Any) -> Any:
    return CountInWordsField(
        label=label,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "more than 700", "size": 16}),
        help_text=gettext_lazy("As the source says it: 46 officials, more than 170, not published."),
    )


def choice_box(label: Any, choices: Any, *, initial: str = "", blank: Any = None, help_text: Any = "") -> Any:
    offered = [("", blank)] if blank is not None else []
    return forms.ChoiceField(
        label=label, choices=[*offered, *choices.choices], required=False, initial=initial, help_text=help_text
    )


class Line(forms.Form):
    """A line that may be left blank.

    `papers` are the lines of the page's sources. `noted` gathers what is told of it, `dated` how its days are read.
    """

    # The boxes behind “more”, in their order.
    seldom: ClassVar[tuple[str, ...]] = ()
    # The boxes that have places of their own.
    apart: ClassVar[tuple[str, ...]] = ()
    # What must stand in a line in which anything stands.
    needed: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, finding: Finding, papers: Sequence[SourceLine] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finding = finding
        self.papers = papers
        self.noted: list[str] = []
        self.dated: list[str] = []
        # What is told beside the line, set by whoever shows it.
        self.told: Any = None
        for box in self.fields.values():
            if isinstance(box, WordsBox):
                box.finding = finding
            elif isinstance(box, OfPaper):
                box.line = self

    @property
    def first_boxes(self) -> list[Any]:
        """The boxes that are always shown."""
        return [self[name] for name in self.fields if name not in {*self.seldom, *self.apart}]

    @property
    def seldom_boxes(self) -> list[Any]:
        return [self[name] for name in self.seldom if name in self.fields]

    @property
    def seldom_is_open(self) -> bool:
        """Whether a box behind “more” holds anything but what it begins with, or is refused."""
        return self.is_bound and not {*self.seldom}.isdisjoint({*self.errors, *self.changed_data})

    def is_blank(self) -> bool:
        """Whether nothing is typed: to which source or party a line belongs is not typed."""
        return set(self.changed_data) <= {"by", "party"}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.is_blank():
            for name in self.needed:
                self.need(name)
        return typed

    def need(self, name: str) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, ValidationError(_("This is missing."), code=MISSING))

    def forget_what_is_missing(self) -> None:
        """While a line is being typed, what is missing is no fault yet."""
        for name in [name for name in self.errors if self.has_error(name, MISSING)]:
            del self.errors[name]

    def said_by(self) -> list[int]:
        """The numbers of the papers that say so: the first, where none is chosen."""
        return [int(number) for number in self.cleaned_data.get("by") or ["0"]]

    def years_of_papers(self) -> set[int | None]:
        """Of the papers that say so; None stands for one without a day."""
        papers = [self.papers[number] for number in self.said_by() if number < len(self.papers)]
        return {paper.day.year if paper.day else None for paper in papers} or {None}

    @property
    def number(self) -> int:
        """Which line of its kind it is, from 0."""
        return int(self.prefix.rpartition("-")[2])  # type: ignore[union-attr]  # lines have one


class SourceLine(Line):
    """A document: one in the record already, found by its address or code, or a new one."""

    apart = ("text",)
    seldom = ("archive_url", "internal", "is_another")

    address = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"size": 60, "placeholder": "https://"}),
        help_text=gettext_lazy("Where it can be read. Of a source in the record: its address or code, and no more."),
    )
    title = text_box(gettext_lazy("Title"), longest=500, help_text=gettext_lazy("As it is printed."))
    publisher = text_box(gettext_lazy("Publisher"))
    published_on = day_box(
        gettext_lazy("Published on"), help_text=gettext_lazy("Blank where it shows no date."), kind=ForgivingDateField
    )
    language = LanguageBox(
        label=gettext_lazy("Language"),
        required=False,
        validators=[language_format],
        widget=forms.TextInput(attrs={"size": 12, "placeholder": "en"}),
    )
    excerpt = text_box(
        gettext_lazy("Quote"), longest=1000, help_text=gettext_lazy("The phrase that carries the main fact.")
    )
    text = text_box(
        gettext_lazy("Its text"),
        longest=200_000,
        rows=12,
        help_text=gettext_lazy("Paste it: quotes are then chosen by selecting them. Kept for those who enter data."),
    )
    archive_url = forms.URLField(
        label=gettext_lazy("Archive address"), required=False, max_length=1000, assume_scheme="https"
    )
    internal = forms.BooleanField(
        label=gettext_lazy("Internal paper"),
        required=False,
        help_text=gettext_lazy("For members only, with all that rests on it."),
    )
    is_another = forms.BooleanField(label=gettext_lazy("Another document at the same address"), required=False)

    # The source of the record that the address names.
    stored: Source | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound and self.initial.get("address"):
            self.find(self.initial["address"])

    def find(self, address: str) -> None:
        self.stored = self.finding.source_at(address)
        if self.stored:
            self.noted.append(_("In the record already: %(source)s.") % {"source": self.stored})

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if self.is_blank():
            return typed
        if typed.get("address") and not typed.get("is_another"):
            self.find(typed["address"])
        if self.stored:
            self.check_stored(self.stored, typed)
        else:
            self.check_new(typed)
        return typed

    @property
    def day(self) -> date | None:
        """When it was published, as it is typed or recorded."""
        # What is wrong with its other boxes does not matter.
        self.is_valid()
        typed: date | None = self.cleaned_data.get("published_on")
        return typed or (self.stored.published_on if self.stored else None)

    def clean_text(self) -> str:
        """With the ends of lines as files have them, not as browsers send them."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")

    def check_stored(self, stored: Source, typed: dict[str, Any]) -> None:
        """What the record has of a source is not typed otherwise; what it lacks is filled by who may change it."""
        may_change = Source.objects.changeable_by(self.finding.reader).filter(pk=stored.pk).exists()
        for name in FILLED_LATER:
            has = getattr(stored, name)
            if not typed.get(name) or typed[name] == has:
                continue
            if has:
                sentence = _(
                    "The record has “%(value)s” for this source: leave this blank, or say behind “more” that it is "
                    "another document."
                )
                self.add_error(name, sentence % {"value": has})
            elif not may_change:
                self.add_error(
                    name, _("Another organization keeps this source, and left this blank: ask it to fill it.")
                )

    def check_new(self, typed: dict[str, Any]) -> None:
        for name in ("title", "publisher"):
            self.need(name)
        if not typed.get("address"):
            return
        try:
            typed["url"] = forms.URLField(assume_scheme="https").clean(typed["address"])
        except ValidationError:
            sentence = _(
                "This is neither a web address nor the code of a source in the record. A paper that stands nowhere: "
                "leave the address blank."
            )
            self.add_error("address", sentence)


class ElectionLine(Line):
    """The election that the sources speak of: one in the record, or a new one."""

    seldom = ("name", "office", "status", "accreditation_closes_at", "remark")

    election = words_box(
        ElectionBox,
        gettext_lazy("Election"),
        offers=ELECTIONS,
        size=44,
        help_text=gettext_lazy(
            "Its country and year, or its code. Not in the record: leave blank, fill the next three."
        ),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    kind = choice_box(gettext_lazy("Kind"), Election.Kind, blank="")
    election_day = day_box(gettext_lazy("Election day"))
    name = text_box(gettext_lazy("Name"), help_text=gettext_lazy("Blank: kind, country and day stand for it."))
    office = text_box(gettext_lazy("Office"))
    status = choice_box(gettext_lazy("Status"), Election.Status, initial=Election.Status.CALLED)
    accreditation_closes_at = forms.CharField(
        label=gettext_lazy("Accreditation closes at"),
        required=False,
        max_length=16,
        widget=forms.TextInput(attrs={"size": 18, "placeholder": "2017-10-09T18:00"}),
    )
    remark = text_box(gettext_lazy("Remark"), longest=5000, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", ""), *country_choices()]  # type: ignore[attr-defined]
        if not Election.may_be_added_by(self.finding.reader):
            for name in (*self.seldom, "country", "kind", "election_day"):
                del self.fields[name]
            self.fields["election"].help_text = _(
                "Its country and year, or its code. An election that is not in the record is added by an administrator."
            )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if self.is_blank() or typed.get("election") or "election" in self.errors:
            return typed
        for name in ("country", "kind", "election_day"):
            self.need(name if name in self.fields else "election")
        return typed


class KeeperLine(forms.Form):
    """Which organization keeps the new records: one for which the reader writes; administrators may leave it blank."""

    owner = forms.ModelChoiceField(Organization.objects.none(), label=gettext_lazy("Kept by"), required=False)

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organization.objects.all()
        box: Any = self.fields["owner"]
        if not is_administrator(finding.reader):
            own = own.filter(pk__in=coordinated_by(finding.reader))
            box.required, box.empty_label = True, None
            box.initial = own.order_by("code").first()
        box.queryset = own.with_names(finding.reader).order_by("code")
