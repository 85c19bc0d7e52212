"""How many of the quotes that a person would note down are found, and how much else is taken for one."""

from tests.article.labelled import documents, score


def test_labelled_documents_are_read_no_worse_than_before() -> None:
    read = list(documents())
    assert len(read) >= 40
    assert sum(len(one.marked) for one in read) >= 100
    reached = score(read)
    assert reached.precision >= 0.98
    assert reached.recall >= 0.99
    assert reached.attributed >= 0.999
