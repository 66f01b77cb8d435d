"""Rows read and written by hand: the tables that every answer of everybody goes through.

The ORM spends more time on building these statements than the database on running them, and they are what a room
full of candidates waits for. Values are prepared by the model's own fields, so both databases store what the ORM
would; names come from the models, never from a request.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

WHOLE_NUMBERS = (models.IntegerField, models.ForeignKey)  # keys of our tables are whole numbers


@lru_cache(maxsize=32)
def columns_of(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, str]:
    """Quoted table and columns."""
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), ", ".join(quote(column_of(model, name)) for name in names)


def column_of(model: type[models.Model], name: str) -> str:
    """The column of a field."""
    return str(field_of(model, name).column)


def field_of(model: type[models.Model], name: str) -> Any:
    """A field by its name, by the attribute of its key, or `pk`."""
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def prepared(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The values of rows as the database wants them, one list per field; foreign keys are given as primary keys."""
    database = connections[DEFAULT_DB_ALIAS]  # asked once: `connection` looks for it at every access
    return [
        prepared_column(field_of(model, name), column, database)
        for name, column in zip(names, zip(*rows, strict=True), strict=True)
    ]


def prepared_column(field: Any, values: Sequence[Any], database: BaseDatabaseWrapper) -> list[Any]:
    """One field of many rows. Whole numbers go as they are; a value that repeats is prepared once (moments, points)."""
    if isinstance(field, WHOLE_NUMBERS):
        return list(values)
    if len(values) == 1 or isinstance(field, models.JSONField):  # lists cannot be looked up
        return [field.get_db_prep_save(value, database) for value in values]
    known = {value: field.get_db_prep_save(value, database) for value in set(values)}
    return [known[value] for value in values]


def prepared_row(model: type[models.Model], names: Sequence[str], values: Sequence[Any]) -> list[Any]:
    """The values of one row as the database wants them."""
    return [column[0] for column in prepared(model, names, [values])]


def insert_rows(
    model: type[models.Model],
    names: tuple[str, ...],
    rows: Iterable[Sequence[Any]],
    *,
    unique: tuple[str, ...] = (),
    replace: tuple[str, ...] = (),
) -> None:
    """INSERT in one statement (more only beyond the database's limit of parameters).

    With `unique`, a row that exists has the fields `replace` overwritten. Foreign keys are given as primary keys.
    """
    given = list(rows)
    if not given:
        return
    table, columns = columns_of(model, names)
    conflict = ""
    if unique:
        quote = connection.ops.quote_name
        overwritten = [quote(column_of(model, name)) for name in replace]
        sets = ", ".join(f"{column} = excluded.{column}" for column in overwritten)
        conflict = f" ON CONFLICT ({columns_of(model, unique)[1]}) DO UPDATE SET {sets}"
    one = f"({', '.join(['%s'] * len(names))})"
    ready = list(zip(*prepared(model, names, given), strict=True))
    most = (connection.features.max_query_params or 65_000) // len(names)
    with connection.cursor() as cursor:
        for first in range(0, len(ready), most):
            part = ready[first : first + most]
            values = ", ".join([one] * len(part))
            cursor.execute(
                f"INSERT INTO {table} ({columns}) VALUES {values}{conflict}",  # noqa: S608 – names of our own models
                [value for row in part for value in row],
            )


Row = TypeVar("Row", bound=models.Model)
Convert = Callable[[Any, Any, Any], Any]  # as Django's own: value, expression, connection


@lru_cache(maxsize=32)
def selection(
    model: type[models.Model], names: tuple[str, ...], look_up: tuple[str, ...], *, lock: bool
) -> tuple[str, list[tuple[int, Any, list[Convert]]]]:
    """SELECT of fields, and what turns a column into the value of its field where that takes more."""
    quote = connection.ops.quote_name
    table, columns = columns_of(model, names)
    where = " AND ".join(f"{quote(column_of(model, name))} = %s" for name in look_up)
    locking = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    found = []
    for place, name in enumerate(names):
        column = field_of(model, name).cached_col
        converters = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        if converters:
            found.append((place, column, converters))
    return f"SELECT {columns} FROM {table} WHERE {where}{locking}", found  # noqa: S608 – our own names


def rows_with(
    model: type[models.Model], names: tuple[str, ...], *, lock: bool = False, **look_up: Any
) -> list[list[Any]]:
    """The values of fields in every row that has these values, in no order; foreign keys as primary keys."""
    keys = tuple(look_up)
    sql, converted = selection(model, names, keys, lock=lock)
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        cursor.execute(sql, prepared_row(model, keys, list(look_up.values())))
        rows = [list(row) for row in cursor.fetchall()]
    for place, column, converters in converted:
        for row in rows:
            for convert in converters:
                row[place] = convert(row[place], column, database)
    return rows


@lru_cache(maxsize=8)
def fields_of(model: type[models.Model]) -> tuple[tuple[str, ...], list[str]]:
    """Names and attributes of every column."""
    fields = model._meta.concrete_fields
    return tuple(field.name for field in fields), [field.attname for field in fields]


def whole_row(model: type[Row], *, lock: bool = False, **look_up: Any) -> Row:
    """One whole row by the values of its fields; raises Model.DoesNotExist."""
    names, attributes = fields_of(model)
    rows = rows_with(model, names, lock=lock, **look_up)
    if not rows:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    return model.from_db(DEFAULT_DB_ALIAS, attributes, rows[0])


def locked_row(model: type[Row], **look_up: Any) -> Row:
    """The same, locked until the transaction ends where the database locks rows."""
    return whole_row(model, lock=True, **look_up)


def update_row(row: models.Model, names: tuple[str, ...]) -> None:
    """UPDATE … WHERE primary key, for the named fields of a loaded row."""
    model = type(row)
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(column_of(model, name))} = %s" for name in names)
    table = columns_of(model, names)[0]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {sets} WHERE {quote(str(model._meta.pk.column))} = %s",  # noqa: S608 – our own names
            [*prepared_row(model, names, [getattr(row, name) for name in names]), row.pk],
        )
