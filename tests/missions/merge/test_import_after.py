"""Dataset files that still know a person who was merged."""

from tests.missions.merge.conftest import undo


def test_a_row_about_a_merged_person_is_refused_and_names_the_kept_one(dataset, kept, merged, merge):
    code = merged.code
    done = merge()
    dataset.write("observers", {"code": code, "family_name": "Пример", "given_names": "Робин"})
    assert dataset.problems() == [f"observers.csv:2: code: {done.answer()}"]
    assert kept.code in done.answer()


def test_a_place_alone_of_a_merged_person_is_refused_too_and_comes_in_after_undoing(dataset, merged, mission, merge):
    code = merged.code
    done = merge()
    dataset.write("assignments", {"observer": code, "mission": mission.code, "role": "expert"})
    assert dataset.problems() == [f"assignments.csv:2: observer: {done.answer()}"]
    undo(done)
    assert dataset.read_in() == {"assignments.csv": (1, 0, 0)}
