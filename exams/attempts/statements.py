"""Rows written by hand: the two tables that every answer of everybody goes through.

The ORM spends more time on building these statements than the database on running them, and they are what a room
full of candidates waits for. Values are prepared by the model's own fields, so both databases store what the ORM
would; names come from the models, never from a request.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models


@lru_cache(maxsize=32)
def columns_of(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, str]:
    """Quoted table and columns."""
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), ", ".join(quote(column_of(model, name)) for name in names)


def column_of(model: type[models.Model], name: str) -> str:
    """The column of a field."""
    field: Any = model._meta.get_field(name)
    return str(field.column)


def prepared(model: type[models.Model], names: Sequence[str], values: Sequence[Any]) -> list[Any]:
    """Values as the database wants them."""
    get = model._meta.get_field
    return [
        get(name).get_db_prep_save(value, connection)  # type: ignore[union-attr]
        for name, value in zip(names, values, strict=True)
    ]


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
    table, columns = columns_of(model, names)
    conflict = ""
    if unique:
        quote = connection.ops.quote_name
        overwritten = [quote(column_of(model, name)) for name in replace]
        sets = ", ".join(f"{column} = excluded.{column}" for column in overwritten)
        conflict = f" ON CONFLICT ({columns_of(model, unique)[1]}) DO UPDATE SET {sets}"
    one = f"({', '.join(['%s'] * len(names))})"
    ready = [prepared(model, names, row) for row in rows]
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


@lru_cache(maxsize=8)
def selection(model: type[models.Model], look_up: tuple[str, ...]) -> tuple[str, list[tuple[int, Any, list[Convert]]]]:
    """SELECT of every column of one row, and what turns a column into the value of its field where that takes more."""
    quote, meta = connection.ops.quote_name, model._meta
    columns = ", ".join(quote(str(field.column)) for field in meta.concrete_fields)
    where = " AND ".join(f"{quote(column_of(model, name))} = %s" for name in look_up)
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    found = []
    for place, field in enumerate(meta.concrete_fields):
        column: Any = field.cached_col
        converters = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        if converters:
            found.append((place, column, converters))
    return f"SELECT {columns} FROM {quote(meta.db_table)} WHERE {where}{lock}", found  # noqa: S608 – our own names


def locked_row(model: type[Row], **look_up: Any) -> Row:
    """One whole row by the values of its fields, locked until the transaction ends; raises Model.DoesNotExist."""
    names = tuple(look_up)
    sql, converted = selection(model, names)
    with connection.cursor() as cursor:
        cursor.execute(sql, prepared(model, names, list(look_up.values())))
        row = cursor.fetchone()
    if row is None:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    values = list(row)
    for place, column, converters in converted:
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    return model.from_db(connection.alias, [field.attname for field in model._meta.concrete_fields], values)


def update_row(row: models.Model, names: tuple[str, ...]) -> None:
    """UPDATE … WHERE primary key, for the named fields of a loaded row."""
    model = type(row)
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(column_of(model, name))} = %s" for name in names)
    table = columns_of(model, names)[0]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {sets} WHERE {quote(str(model._meta.pk.column))} = %s",  # noqa: S608 – our own names
            [*prepared(model, names, [getattr(row, name) for name in names]), row.pk],
        )
