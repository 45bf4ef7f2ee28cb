"""A page of entry in front of somebody."""

from django.urls import reverse

from tests.admin_pages import typed_in


class Desk:
    """A page of entry in front of somebody: lines are named by kind and number, as `parties-0`."""

    def __init__(self, client, **asked):
        self.client = client
        self.response = client.get(reverse("entry"), asked)
        self.boxes_filled = 0
        self.sent = sent_by(self.page)

    @property
    def page(self):
        return self.response.context["page"]

    def type(self, line, **boxes):
        for name, value in boxes.items():
            assert f"{line}-{name}" in self.sent or value is True or f"{line}-{name}" in self.names(), (line, name)
            self.sent[f"{line}-{name}"] = "on" if value is True else value
            self.boxes_filled += 1
        return self

    def names(self):
        return {box.html_name for line in every_line(self.page) for box in line}

    def press(self, act):
        self.response = self.client.post(reverse("entry"), {**self.sent, "do": act}, follow=True)
        self.sent = sent_by(self.page) if self.response.context else {}
        return self.response

    def line(self, prefix):
        return next(line for line in every_line(self.page) if line.prefix == prefix)

    def told(self, prefix):
        """The sentences beside a line, with those of the ladder."""
        told = self.line(prefix).told
        beside = told.ladder
        return [*told.sentences, *(beside.problems if beside else []), *(beside.notes if beside else [])]

    def refusals(self):
        return {
            f"{line.prefix}-{name}": list(sentences)
            for line in every_line(self.page)
            for name, sentences in line.errors.items()
        }


def every_line(page):
    return [page.election, *(line for lines in page.lines.values() for line in lines.forms)]


def sent_by(page):
    sent = dict(typed_in(page.keeper))
    for lines in page.lines.values():
        sent |= typed_in(lines.management_form)
    for line in every_line(page):
        sent |= typed_in(line)
    return sent
