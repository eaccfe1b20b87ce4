"""The appendix: every submission in full, as one PDF."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appendix",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hearing_id", sa.Uuid(), nullable=False),
        sa.Column(
            "edition",
            sa.Enum(
                "internal", "public", name="edition", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("unshown", sa.Integer(), nullable=False),
        sa.Column("compiled_by", sa.String(), nullable=False),
        sa.Column("compiled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pdf_sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["hearing_id"], ["hearing.id"], initially="DEFERRED", deferrable=True),
        sa.ForeignKeyConstraint(["pdf_sha256"], ["blob.sha256"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_appendix_hearing_id"), "appendix", ["hearing_id"], unique=False)
