"""Wagtail's full-text search on PostgreSQL, in Chinese words."""

from modelsearch.backends.database.postgres.postgres import (
    PostgresAutocompleteQueryCompiler,
    PostgresIndex,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)

from content.search.segmented import SegmentedIndex, SegmentedQuery


class Index(SegmentedIndex, PostgresIndex):
    """Stores index words."""


class QueryCompiler(SegmentedQuery, PostgresSearchQueryCompiler):
    """Asks for index words."""


class AutocompleteQueryCompiler(SegmentedQuery, PostgresAutocompleteQueryCompiler):
    """Asks for index words, the last one as a beginning."""


class SearchBackend(PostgresSearchBackend):
    """The backend as a whole."""

    index_class = Index
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
