"""What our two search backends share: rows are indexed, and queries asked, in the words of `bigrams`."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from modelsearch.index import AutocompleteField, BaseField, RelatedFields, SearchField
from modelsearch.query import And, Boost, Not, Or, Phrase, PlainText, SearchQuery

from lms.kit.bigrams import index_words, query_words


def segmented(value: Any) -> Any:
    """A field's value with its strings in index words."""
    if isinstance(value, str):
        return index_words(value)
    if isinstance(value, list):
        return [segmented(item) for item in value]
    if isinstance(value, dict):
        return {key: segmented(item) for key, item in value.items()}
    return value


def segmented_field(field: BaseField) -> BaseField:
    """A twin of a search field that reads rows in index words."""
    twin = copy(field)
    if isinstance(field, RelatedFields):
        twin.fields = [segmented_field(inner) for inner in field.fields]
        twin.get_value = lambda row: field.get_value(original(row))
    elif isinstance(field, (SearchField, AutocompleteField)):
        twin.get_value = lambda row: segmented(field.get_value(original(row)))
    return twin


class SegmentedRow:
    """A row as the indexer sees it: the same key, its search fields in index words."""

    def __init__(self, row: Any) -> None:
        self.pk = row.pk
        self.row = row

    def get_search_fields(self) -> list[BaseField]:
        """The row's search fields in index words."""
        return [segmented_field(field) for field in self.row.get_search_fields()]


def original(row: Any) -> Any:
    """The row itself, wrapped or not."""
    return row.row if isinstance(row, SegmentedRow) else row


def segmented_query(query: SearchQuery) -> SearchQuery:
    """A query in index words. A phrase becomes its words: neighbouring pairs are a phrase already."""
    match query:
        case PlainText():
            return PlainText(" ".join(query_words(query.query_string)), operator=query.operator, boost=query.boost)
        case Phrase():
            return PlainText(" ".join(query_words(query.query_string)))
        case And():
            return And([segmented_query(inner) for inner in query.subqueries])
        case Or():
            return Or([segmented_query(inner) for inner in query.subqueries])
        case Not():
            return Not(segmented_query(query.subquery))
        case Boost():
            return Boost(segmented_query(query.subquery), query.boost)
        case _:
            return query


class SegmentedIndex:
    """Mix-in of an index."""

    def add_items(self, model: Any, objs: Iterable[Any]) -> None:
        """Add or refresh rows of one model."""
        super().add_items(model, [SegmentedRow(row) for row in objs])  # type: ignore[misc]


class SegmentedQuery:
    """Mix-in of a query compiler."""

    query: SearchQuery

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query = segmented_query(self.query)
