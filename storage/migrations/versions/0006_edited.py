"""The layout of a notat, and what coordinators write and arrange in it by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXTS = ("intro", "purpose", "background", "publication", "forwarding", "annexes", "changes", "resume")


def upgrade() -> None:
    op.create_table(
        "hearing_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column("name", _closed("textname", *TEXTS), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("source", _closed("source", "file", "hand"), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_hearing_text_hearing_id"), "hearing_text", ["hearing_id"], unique=False)
    _order("submission_order", of="hearing", names="submissions")
    _order("remark_order", of="submission", names="remarks")
    op.create_table(
        "remark_heading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("remark_id", sa.Uuid(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["remark_id"], ["remark.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_remark_heading_remark_id"), "remark_heading", ["remark_id"], unique=False)
    layout = _closed("layout", "by_submission", "by_topic", "ministry")
    op.add_column("hearing", sa.Column("layout", layout, nullable=False, server_default="by_submission"))
    op.alter_column("hearing", "layout", server_default=None)


def _closed(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _order(table: str, *, of: str, names: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(f"{of}_id", sa.Uuid(), nullable=False),
        sa.Column(names, postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("ordered_by", sa.String(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint([f"{of}_id"], [f"{of}.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f(f"ix_{table}_{of}_id"), table, [f"{of}_id"], unique=False)
