"""Wagtail's full-text search on SQLite, in Chinese words."""

from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)

from content.search.segmented import SegmentedIndex, SegmentedQuery


class Index(SegmentedIndex, SQLiteIndex):
    """Stores index words."""


class QueryCompiler(SegmentedQuery, SQLiteSearchQueryCompiler):
    """Asks for index words."""


class AutocompleteQueryCompiler(SegmentedQuery, SQLiteAutocompleteQueryCompiler):
    """Asks for index words, the last one as a beginning."""


class SearchBackend(SQLiteSearchBackend):
    """The backend as a whole."""

    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
