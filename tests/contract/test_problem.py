import pytest

from etoile.contract.problem import Problem, Violation, escape


def test_a_problem_is_written_as_rfc_9457_says():
    problem = Problem("invalid-data", "The data is wrong.", 422, "2 values", [Violation("/data/case", "required")])
    assert problem.to_dict() == {
        "type": "urn:etoile:problem:invalid-data",
        "title": "The data is wrong.",
        "status": 422,
        "detail": "2 values",
        "errors": [{"pointer": "#/data/case", "detail": "required"}],
    }


def test_what_is_empty_is_left_out():
    assert set(Problem("not-found", "Not found.", 404).to_dict()) == {"type", "title", "status"}


def test_a_problem_comes_back_the_same():
    problem = Problem("conflict", "Conflict.", 409, "Other content.", (Violation("/3/id", "x"),))
    assert Problem.from_dict(problem.to_dict(), status=409) == problem


@pytest.mark.parametrize("body", [{}, {"errors": "x"}, {"errors": [1, None]}, {"type": 3, "title": None, "errors": {}}])
def test_the_problem_of_a_stranger_is_read_as_far_as_possible(body):
    assert Problem.from_dict(body, status=500).status == 500


def test_a_violation_can_be_moved_under_the_index_of_a_batch():
    assert Violation("/source", "x").under(3) == Violation("/3/source", "x")
    assert Violation("", "x").under("a/b~c") == Violation("/a~1b~0c", "x")
    assert escape("~/") == "~0~1"
