"""Organizations that come in the same import as what points to them: no check may ask the database about them."""

BODIES = [
    {"code": "turkic-platform", "kind": "election_body_association"},
    {"code": "northland-commission", "kind": "election_body", "country": "AQ"},
]


def test_a_membership_of_two_new_organizations_comes_in(dataset):
    dataset.write("organizations", *BODIES)
    dataset.write("memberships", {"organization": "turkic-platform", "member_organization": "northland-commission"})
    assert dataset.read_in() == {"organizations.csv": (2, 0, 0), "memberships.csv": (1, 0, 0)}
    assert dataset.read_in() == {"organizations.csv": (0, 0, 2), "memberships.csv": (0, 0, 1)}


def test_a_new_organization_is_no_member_of_itself(dataset):
    dataset.write("organizations", *BODIES)
    dataset.write("memberships", {"organization": "turkic-platform", "member_organization": "turkic-platform"})
    assert dataset.problems() == [
        "memberships.csv:2: member_organization: An organization is no member of itself.",
    ]


def test_a_new_organization_does_not_invite_itself(dataset):
    dataset.write("organizations", *BODIES)
    dataset.write(
        "elections",
        {"code": "aq-presidential-2030-06-02", "country": "AQ", "kind": "presidential", "election_day": "2030-06-02"},
    )
    itself = dict.fromkeys(("inviter", "invitee"), "northland-commission")
    dataset.write("invitations", {"election": "aq-presidential-2030-06-02", **itself})
    assert dataset.problems() == ["invitations.csv:2: invitee: An organization does not invite itself."]
