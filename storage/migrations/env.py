"""How Alembic reaches the database: on the connection that holds the migration lock."""

from alembic import context
from sqlmodel import SQLModel

from storage import asked, models, talk

known = {models.Hearing.metadata, talk.Reply.metadata, asked.Question.metadata}
assert known == {SQLModel.metadata}  # noqa: S101  every noun is known

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    include_name=lambda name, kind, _parents: kind != "table" or not str(name).startswith("procrastinate_"),
)
with context.begin_transaction():
    context.run_migrations()
